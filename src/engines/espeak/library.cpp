// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/espeak/library.hpp"

#include <espeak-ng/speak_lib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::engines::espeak {
namespace {

/// How much sound the library makes before it looks whether to stop.
constexpr int kPieceMilliseconds = 100;
constexpr int kPhonemesInIpa = 0x02;
/// Words per minute. The library goes faster than 450 by leaving sound out.
constexpr double kNormalRate = 175;
constexpr double kSlowest = 80;
constexpr double kFastest = 900;

/// What is being said; the library's callback sees it through the events' user data.
struct Job {
  const RunContext& run;
  std::vector<short> samples;
  bool is_stopped = false;
};

int take_samples(short* samples, int count, espeak_EVENT* events) {
  auto& job = *static_cast<Job*>(events->user_data);
  if (samples != nullptr && count > 0)
    job.samples.insert(job.samples.end(), samples, samples + count);
  job.is_stopped = job.run.stop.stop_requested() || job.run.deadline.has_passed();
  return job.is_stopped ? 1 : 0;
}

bool is_plain(const std::string& voice) noexcept {
  return !voice.empty() && voice.size() < 40 &&
         std::all_of(voice.begin(), voice.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '+';
         });
}

std::string gender_of(unsigned char gender) {
  return gender == 1 ? "male" : gender == 2 ? "female" : "";
}

/// The mark that ends a clause, of the text that was read for it: the library reads a little of the
/// next one, too. Blank where there is none.
char clause_end(std::string_view text) noexcept {
  constexpr std::string_view kMarks = ".?!,:;";
  constexpr std::string_view kAround = " \t\r\n\"')]}([{";
  constexpr int kMostReadAhead = 2;
  int ahead = 0;
  for (auto at = text.size(); at-- > 0;) {
    if (kMarks.find(text[at]) != std::string_view::npos) return text[at];
    const bool is_continued = (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    if (is_continued || kAround.find(text[at]) != std::string_view::npos) continue;
    if (++ahead > kMostReadAhead) break;
  }
  return ' ';
}

}  // namespace

Library::~Library() {
  if (sample_rate_ > 0) espeak_Terminate();
}

void Library::start() {
  if (sample_rate_ > 0) return;
  if (fault_.empty()) {
    const int rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, kPieceMilliseconds, nullptr,
                                       espeakINITIALIZE_DONT_EXIT);
    if (rate > 0) {
      espeak_SetSynthCallback(take_samples);
      sample_rate_ = rate;
      return;
    }
    fault_ = "the data of espeak-ng are not there: apt-get install espeak-ng-data";
  }
  throw Error(ErrorCode::kUnsupported, fault_);
}

std::optional<std::string> Library::find_fault() {
  const std::lock_guard lock(mutex_);
  try {
    start();
    return std::nullopt;
  } catch (const Error& error) {
    return error.what();
  }
}

int Library::sample_rate() {
  const std::lock_guard lock(mutex_);
  start();
  return sample_rate_;
}

std::vector<Voice> Library::voices() {
  const std::lock_guard lock(mutex_);
  start();
  std::vector<Voice> voices;
  for (const espeak_VOICE** entry = espeak_ListVoices(nullptr); *entry != nullptr; ++entry) {
    const espeak_VOICE& voice = **entry;
    // Voices of MBROLA need a program of their own; a language's first code follows its priority.
    if (std::string_view(voice.identifier).starts_with("mb/")) continue;
    Voice found{voice.languages + 1, voice.name, gender_of(voice.gender)};
    if (is_plain(found.code)) voices.push_back(std::move(found));
  }
  std::sort(voices.begin(), voices.end(),
            [](const Voice& a, const Voice& b) { return a.code < b.code; });
  const auto same = std::unique(voices.begin(), voices.end(),
                                [](const Voice& a, const Voice& b) { return a.code == b.code; });
  voices.erase(same, voices.end());
  return voices;
}

void Library::use(const std::string& voice) {
  if (voice == voice_) return;
  voice_.clear();
  if (!is_plain(voice) || espeak_SetVoiceByName(voice.c_str()) != EE_OK) {
    throw Error(ErrorCode::kNotFound,
                "espeak-ng has no voice '" + std::string(utf8_prefix(voice, 40)) + "'",
                "a language code: en-us, en-gb, de, fr-fr, es; with a variant: en-us+f3");
  }
  voice_ = voice;
}

void Library::require_voice(const std::string& voice) {
  const std::lock_guard lock(mutex_);
  start();
  use(voice);
}

std::vector<short> Library::say(const std::string& text, const std::string& voice, double speed,
                                const RunContext& run) {
  const std::lock_guard lock(mutex_);
  run.check();
  start();
  use(voice);
  const double rate = std::clamp(kNormalRate * speed, kSlowest, kFastest);
  espeak_SetParameter(espeakRATE, static_cast<int>(std::lround(rate)), 0);
  Job job{run, {}};
  const auto state =
      espeak_Synth(text.c_str(), text.size() + 1, 0, POS_CHARACTER, 0,
                   espeakCHARS_UTF8 | espeakPHONEMES | espeakENDPAUSE, nullptr, &job);
  if (job.is_stopped) run.check();
  if (state != EE_OK) {
    throw Error(ErrorCode::kEngineFailed,
                "espeak-ng failed with error " + std::to_string(static_cast<int>(state)));
  }
  return std::move(job.samples);
}

std::string Library::phonemes(const std::string& text, const std::string& voice) {
  const std::lock_guard lock(mutex_);
  start();
  use(voice);
  std::string out;
  const void* at = text.c_str();
  while (at != nullptr) {
    const auto* begin = static_cast<const char*>(at);
    const char* clause = espeak_TextToPhonemes(&at, espeakCHARS_UTF8, kPhonemesInIpa);
    const auto* end = at == nullptr ? begin + std::strlen(begin) : static_cast<const char*>(at);
    if (clause == nullptr || *clause == '\0') continue;
    out += clause;
    const char mark = clause_end({begin, static_cast<std::size_t>(end - begin)});
    if (mark != ' ') out += mark;
    out += '\n';
  }
  return out;
}

std::string Library::version() {
  const char* path = nullptr;
  return espeak_Info(&path);
}

}  // namespace hailstone::engines::espeak
