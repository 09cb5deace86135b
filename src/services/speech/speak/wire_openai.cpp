// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/wire_openai.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "http/json_fields.hpp"
#include "inference/voices/say_request.hpp"
#include "services/common/base64.hpp"

namespace hailstone::speak {
namespace {

using http::Json;

constexpr std::ptrdiff_t kMostCharacters = 4096;
/// Of a second of sound: OpenAI counts tokens, we have none.
constexpr double kTokensPerSecond = 20;

std::ptrdiff_t count_characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; });
}

std::string parse_voice(const http::Fields& fields) {
  const auto& voice = fields.required("voice");
  if (voice.is_object()) return http::Fields(voice, "voice").required_string("id");
  if (voice.is_string()) return fields.required_string("voice");
  throw fields.wrong("voice", "a name or an object with an id");
}

media::SoundFormat parse_format(const http::Fields& fields) {
  const std::string name = fields.find_string("response_format").value_or("mp3");
  if (const auto format = media::find_sound_format(name)) return *format;
  if (name == "aac") {
    throw Error(ErrorCode::kBadRequest, "response_format aac is not supported: no free encoder",
                "mp3, opus, flac, wav and pcm work");
  }
  throw fields.wrong("response_format", "one of: mp3, opus, flac, wav, pcm");
}

Delivery parse_delivery(const http::Fields& fields) {
  const std::string format = fields.find_string("stream_format").value_or("audio");
  if (format == "audio") return Delivery::kStreamed;
  if (format == "sse") return Delivery::kEvents;
  throw fields.wrong("stream_format", "\"audio\" or \"sse\"");
}

}  // namespace

bool is_openai_speech_model(std::string_view name) noexcept {
  return name == "tts-1" || name == "tts-1-hd" || name.starts_with("tts-1-") ||
         name.starts_with("gpt-4o-mini-tts");
}

SpeakRequest parse_openai_speech(std::string_view body) {
  const auto json = http::parse_json_object(body);
  const http::Fields fields(json);
  SpeakRequest request;
  Task& task = request.task;
  const std::string model = fields.required_string("model");
  if (!is_openai_speech_model(model)) task.wish.model = model;
  task.text = fields.required_string("input");
  if (count_characters(task.text) > kMostCharacters) {
    throw Error(ErrorCode::kBadRequest, "input must have at most 4096 characters",
                "POST /api/speak takes longer texts");
  }
  task.wish.voice = parse_voice(fields);
  task.speed =
      fields.find_double("speed", inference::kSlowestSpeech, inference::kFastestSpeech).value_or(1);
  task.format = parse_format(fields);
  request.delivery = parse_delivery(fields);
  return request;
}

std::string write_audio_delta(std::string_view bytes) {
  return Json({{"type", "speech.audio.delta"}, {"audio", services::to_base64(bytes)}}).dump();
}

std::string write_audio_done(std::size_t characters, double seconds) {
  const auto input = static_cast<std::int64_t>(characters / 4 + 1);
  const auto output = static_cast<std::int64_t>(std::ceil(seconds * kTokensPerSecond));
  return Json({{"type", "speech.audio.done"},
               {"usage",
                {{"input_tokens", input},
                 {"output_tokens", output},
                 {"total_tokens", input + output}}}})
      .dump();
}

std::string write_openai_models(const std::vector<Voice>& voices) {
  Json data = Json::array();
  Json short_list = Json::array();
  for (const auto& voice : voices) {  // those of a model stand together
    if (!data.empty() && data.back()["id"] == voice.model) continue;
    data.push_back({{"id", voice.model}, {"object", "model"}, {"owned_by", "hailstone"}});
    short_list.push_back({{"id", voice.model}, {"name", voice.model}});
  }
  return Json{{"object", "list"}, {"data", data}, {"models", std::move(short_list)}}.dump();
}

std::string write_openai_voices(const std::vector<Voice>& voices) {
  Json data = Json::array();
  for (const auto& voice : voices) {
    data.push_back({{"id", voice.id},
                    {"object", "voice"},
                    {"name", voice.name.empty() ? voice.id : voice.name},
                    {"language", voice.language},
                    {"gender", voice.gender},
                    {"model", voice.model}});
  }
  Json short_list = Json::array();
  for (const auto& voice : data)
    short_list.push_back({{"id", voice["id"]}, {"name", voice["name"]}});
  return Json{{"object", "list"}, {"data", data}, {"voices", std::move(short_list)}}.dump();
}

}  // namespace hailstone::speak
