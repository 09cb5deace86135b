// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "engines/fake/languages.hpp"
#include "engines/fake/sessions.hpp"

namespace hailstone::engines::fake {
namespace {

constexpr int kSampleRate = 16'000;
void check_voice(const inference::SayRequest& request,
                 const std::vector<inference::Voice>& voices) {
  const auto voice = std::find_if(voices.begin(), voices.end(), [&](const auto& known) {
    return request.voice.empty() || known.name == request.voice;
  });
  if (voice == voices.end()) {
    throw Error(ErrorCode::kNotFound, "no voice '" + request.voice + "'",
                "voices: fake-high, fake-low");
  }
  const auto& speakers = voice->speakers;
  if (!request.speaker.empty() &&
      std::find(speakers.begin(), speakers.end(), request.speaker) == speakers.end()) {
    throw Error(ErrorCode::kNotFound,
                "voice '" + voice->name + "' has no speaker '" + request.speaker + "'",
                "voice fake-low has the speakers anna and ben");
  }
  if (request.is_ssml) throw Error(ErrorCode::kUnsupported, "the fake engine reads no SSML");
}

}  // namespace

void check_language(const std::string& language) {
  if (language.empty() || language == "en" || language == "eng" || language == "de") return;
  throw Error(ErrorCode::kUnsupported, "language '" + language + "' is unknown to the fake engine",
              "languages: en, eng, de");
}

std::vector<inference::Voice> FakeSay::voices() const {
  return {{"fake-high", "en", kSampleRate}, {"fake-low", "de", kSampleRate, {"anna", "ben"}}};
}

void FakeSay::say(const inference::SayRequest& request, const inference::OnAudio& on_audio,
                  const RunContext& run) {
  check_voice(request, voices());
  if (!(request.speed > 0.1 && request.speed < 10)) {
    throw Error(ErrorCode::kBadRequest, "speed must be between 0.1 and 10");
  }
  Run steps(life_, run);
  Life::pause(life_.script().prompt_time, run);
  const double hertz = request.voice == "fake-low" ? 110 : 440;
  const auto length = static_cast<std::size_t>(kSampleRate / 5 / request.speed);
  for (std::size_t word = 0; word < split_words(request.text).size(); ++word) {
    steps.step();
    media::Pcm piece{kSampleRate, std::vector<float>(length)};
    for (std::size_t i = 0; i < length; ++i) {
      const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / kSampleRate;
      piece.samples[i] = static_cast<float>(0.5 * std::sin(phase));
    }
    on_audio(std::move(piece));
  }
}

std::vector<inference::ReadLine> FakeRead::read(const media::Image& image,
                                                const std::string& language,
                                                const RunContext& run) {
  const auto pixels = static_cast<std::size_t>(std::max(image.width, 0)) *
                      static_cast<std::size_t>(std::max(image.height, 0));
  if (pixels == 0 || image.pixels.size() != pixels * 3) {
    throw Error(ErrorCode::kBadRequest, "the picture's pixels do not fit its size");
  }
  check_language(language);
  Run steps(life_, run);
  Life::pause(life_.script().prompt_time, run);
  const auto words = split_words(life_.script().reply.value_or(kDefaultWords));
  if (words.empty()) return {};
  inference::ReadLine line;
  line.box = {0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  const double width = line.box.width / static_cast<double>(words.size());
  for (const auto& word : words) {
    steps.step();
    const double x = width * static_cast<double>(line.words.size());
    const std::size_t text = std::min(word.find_first_not_of(" \t\r\n"), word.size());
    line.words.push_back({word.substr(text), {x, 0, width, line.box.height}, 0.9});
  }
  return {line};
}

}  // namespace hailstone::engines::fake
