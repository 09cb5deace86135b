// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/service.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "http/pipeline/error_reply.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/voices/say_request.hpp"
#include "log/log.hpp"
#include "services/speech/speak/piper/piper_files.hpp"
#include "services/speech/speak/piper/pronouncer.hpp"
#include "speech/piper/piper_voice.hpp"

namespace hailstone::speak {
namespace {

constexpr std::string_view kTask = "speak";

std::string setting(const core::StoredModel& model, const char* name) {
  const auto found = model.settings.find(name);
  return found == model.settings.end() ? std::string() : found->second;
}

/// A model's voices as its files or its engine tell them.
std::vector<Voice> voices_of(const core::StoredModel& model, const inference::ModelFacts& facts) {
  auto told = is_piper(model) ? speech::piper::voice_facts(read_piper_config(model))
                              : inference::voices_of(facts);
  if (told.empty()) {  // its engine does not say: one voice, of the language that the manifest
                       // names
    const std::string language = setting(model, "language");
    told.push_back({{}, language.empty() ? "en" : language, {}, {}});
  }
  const std::string preferred = setting(model, "voice");
  const bool is_general = std::any_of(told.begin(), told.end(), [&](const auto& voice) {
    return voice.language.substr(0, 2) != told.front().language.substr(0, 2);
  });
  std::vector<Voice> voices;
  for (const auto& fact : told) {
    Voice voice;
    voice.model = model.name.display();
    if (voice.model.ends_with(":latest")) voice.model.resize(voice.model.size() - 7);
    voice.id = told.size() == 1 ? voice.model : voice.model + "/" + fact.id;
    voice.voice = fact.id;
    voice.language = fact.language;
    voice.name = fact.name;
    voice.gender = fact.gender;
    voice.engine = services::engine_of(model);
    voice.is_starter = services::is_starter(model);
    voice.is_first =
        fact.id == (preferred.empty() || told.size() == 1 ? told.front().id : preferred);
    voice.is_general = is_general;
    voices.push_back(std::move(voice));
  }
  return voices;
}

/// What speaks: the model itself, or a Piper voice made of its network.
class Mouth {
 public:
  /// The lease outlives it.
  Mouth(const core::Lease& lease, const services::ChosenModel& model, Pronouncer& pronouncer) {
    session_ = lease.model().say();
    if (auto* network = lease.model().tensor(); is_piper(model.stored) && network != nullptr) {
      piper_.emplace(*network, read_piper_config(model.stored),
                     [&pronouncer](const auto&... given) { return pronouncer.phonemes(given...); });
      session_ = &*piper_;
    }
    if (session_ != nullptr) return;
    throw Error(ErrorCode::kUnsupported, "model '" + model.name + "' does not speak");
  }

  inference::SaySession& session() noexcept { return *session_; }

 private:
  inference::SaySession* session_ = nullptr;
  std::optional<speech::piper::PiperVoice> piper_;
};

Script read(const Task& task, const std::string& language) {
  auto script = task.kind == TextKind::kSsml ? read_ssml(task.text, language)
                                             : read_plain(task.text, language);
  if (script.empty()) {
    throw Error(ErrorCode::kBadRequest, "the text has no words that could be spoken");
  }
  return script;
}

/// Says the passages one after the other.
class Performance {
 public:
  Performance(inference::SaySession& session, const Task& task, const Voice& voice,
              const OnSound& on_sound, const RunContext& run)
      : session_(session),
        task_(task),
        voice_(voice.voice),
        language_(voice.language),
        on_sound_(on_sound),
        run_(run) {}

  void say(const Passage& passage) {
    pause_ += passage.pause;
    const double speed = std::clamp(task_.speed * passage.rate, inference::kSlowestSpeech,
                                    inference::kFastestSpeech);
    for (const auto& sentence : find_sentences(passage.text)) {
      session_.say(
          {write_out(sentence, language_), voice_, speed},
          [this](media::Pcm&& piece) { send(piece); }, run_);
    }
  }

 private:
  /// A pause waits for the first sound after it, which tells the sample rate.
  void send(const media::Pcm& piece) {
    if (pause_.count() > 0) {
      const auto length = static_cast<std::size_t>(pause_.count() * piece.sample_rate / 1000);
      on_sound_({piece.sample_rate, std::vector<float>(length)});
      pause_ = {};
    }
    on_sound_(piece);
  }

  inference::SaySession& session_;
  const Task& task_;
  const std::string voice_;
  const std::string language_;
  const OnSound& on_sound_;
  const RunContext& run_;
  std::chrono::milliseconds pause_{};
};

}  // namespace

std::vector<Voice> SpeakService::voices() const {
  std::vector<Voice> all;
  for (const auto& model : models_.installed(std::span(&kTask, 1))) {
    const auto facts = models_.models().find_facts(model);
    if (facts == nullptr) continue;  // its engine does not work here
    try {
      auto voices = voices_of(model, *facts);
      std::move(voices.begin(), voices.end(), std::back_inserter(all));
    } catch (const Error& error) {  // one broken voice must not hide the others
      log::warning("speak", "a voice is left out",
                   {{"model", model.name.display()}, {"why", error.what()}});
    }
  }
  return all;
}

void SpeakService::speak(const Task& task, const OnSpeaker& on_speaker, const OnSound& on_sound,
                         const RunContext& run) {
  const auto all = voices();
  // Says what could be installed where there is none, and that a named model is none that speaks.
  const auto named = models_.choose(std::span(&kTask, 1), task.wish.model);
  auto wish = task.wish;
  if (!wish.model.empty()) wish.model = named.stored.name.display();
  const auto choice = choose_voice(all, wish);
  const Script script = read(task, choice.voice.language);
  const auto model = models_.choose(std::span(&kTask, 1), choice.voice.model);
  const auto lease = models_.models().acquire(model, std::nullopt, run);
  Pronouncer pronouncer(models_);
  Mouth mouth(lease, model, pronouncer);
  on_speaker({choice.voice.id, choice.voice.language, model.name, std::string(lease.engine()),
              choice.is_substitute});
  Performance performance(mouth.session(), task, choice.voice, on_sound, run);
  for (const auto& passage : script) performance.say(passage);
}

}  // namespace hailstone::speak
