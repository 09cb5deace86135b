// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/wire.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "inference/voices/say_request.hpp"

namespace hailstone::speak {
namespace {

/// Bytes of a text that is so short that it comes whole.
constexpr std::size_t kShort = 300;

media::SoundFormat parse_format(const http::Fields& fields) {
  const auto name = fields.find_string("format");
  if (!name) return media::SoundFormat::kWav;
  if (const auto format = media::find_sound_format(*name)) return *format;
  throw fields.wrong("format", "one of: wav, flac, opus, mp3, pcm");
}

}  // namespace

SpeakRequest parse_speak(std::string_view body) {
  const auto json = http::parse_json_object(body);
  const http::Fields fields(json);
  SpeakRequest request;
  Task& task = request.task;
  task.text = fields.required_string("text");
  task.wish.voice = fields.find_string("voice").value_or("");
  task.wish.language = fields.find_string("language").value_or("");
  task.wish.model = fields.find_string("model").value_or("");
  task.wish.is_strict = fields.find_bool("strict").value_or(false);
  task.speed =
      fields.find_double("speed", inference::kSlowestSpeech, inference::kFastestSpeech).value_or(1);
  task.format = parse_format(fields);
  const bool looks_like_ssml = trim(task.text).starts_with("<speak");
  task.kind =
      fields.find_bool("ssml").value_or(looks_like_ssml) ? TextKind::kSsml : TextKind::kPlain;
  const bool is_streamed = fields.find_bool("stream").value_or(task.text.size() > kShort);
  request.delivery = is_streamed ? Delivery::kStreamed : Delivery::kWhole;
  return request;
}

std::string write_voices(const std::vector<Voice>& voices) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& voice : voices) {
    list.push_back({{"id", voice.id},
                    {"name", voice.name},
                    {"language", voice.language},
                    {"gender", voice.gender},
                    {"model", voice.model},
                    {"engine", voice.engine},
                    {"default", voice.is_first}});
  }
  return nlohmann::ordered_json{{"voices", std::move(list)}}.dump();
}

}  // namespace hailstone::speak
