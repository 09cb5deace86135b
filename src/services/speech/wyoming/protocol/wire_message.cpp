// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/protocol/wire_message.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/json_fields.hpp"
#include "services/speech/wyoming/protocol/wire_frame.hpp"

namespace hailstone::wyoming {
namespace {

using http::Fields;
using http::Json;
using std::chrono::milliseconds;

constexpr std::size_t kLongestId = 200;

std::string frame(const char* type, const Json& data = Json()) {
  return write_frame({type, data.empty() ? std::string() : http::to_text(data), {}});
}

std::string text_of(const Fields& fields, std::string_view name) {
  return fields.find_string(name).value_or("");
}

Context parse_context(const Fields& fields) {
  const auto object = fields.find_object("context");
  if (!object) return {};
  Context context;
  context.conversation = text_of(*object, "conversation_id");
  context.satellite = text_of(*object, "device_id");
  if (context.conversation.size() > kLongestId) context.conversation.resize(kLongestId);
  context.json = http::to_text(object->json());
  return context;
}

Said parse_said(const Fields& fields) {
  return {text_of(fields, "text"), text_of(fields, "language"), parse_context(fields)};
}

/// How soon somebody is taken to have finished, as Home Assistant means the words.
milliseconds parse_silence(const Fields& fields) {
  const auto sensitivity = text_of(fields, "vad_sensitivity");
  if (sensitivity == "relaxed") return milliseconds(1250);
  if (sensitivity == "aggressive") return milliseconds(250);
  return milliseconds(700);
}

SoundShape parse_shape(const Fields& fields) {
  SoundShape shape;
  shape.rate = static_cast<int>(fields.find_int("rate", 8000, 192'000).value_or(shape.rate));
  shape.width = static_cast<int>(fields.find_int("width", 1, 4).value_or(shape.width));
  shape.channels = static_cast<int>(fields.find_int("channels", 1, 8).value_or(shape.channels));
  return shape;
}

Timestamp parse_timestamp(const Fields& fields) {
  constexpr std::int64_t kMost = std::int64_t{1} << 50;
  const auto value =
      fields.find_double("timestamp", -static_cast<double>(kMost), static_cast<double>(kMost));
  if (!value) return std::nullopt;
  return milliseconds(static_cast<std::int64_t>(*value));
}

VoiceName parse_voice(const Fields& fields) {
  const auto voice = fields.find_object("voice");
  if (!voice) return {};
  return {text_of(*voice, "name"), text_of(*voice, "language"), text_of(*voice, "speaker")};
}

bool parse_is_ssml(const Fields& fields) {
  return text_of(fields, "text_format") == "ssml";
}

using Parser = Message (*)(const Fields& fields, std::string&& payload);
struct Row {
  std::string_view type;
  Parser parse;
};
constexpr std::array kParsers = {
    Row{"describe", [](const Fields&, std::string&&) -> Message { return Describe{}; }},
    Row{"ping", [](const Fields& f, std::string&&) -> Message { return Ping{text_of(f, "text")}; }},
    Row{"transcribe",
        [](const Fields& f, std::string&&) -> Message {
          return Transcribe{text_of(f, "name"), text_of(f, "language"), parse_silence(f)};
        }},
    Row{"audio-start",
        [](const Fields& f, std::string&&) -> Message {
          return AudioStart{parse_shape(f), parse_timestamp(f)};
        }},
    Row{"audio-chunk",
        [](const Fields& f, std::string&& payload) -> Message {
          return AudioChunk{parse_shape(f), parse_timestamp(f), std::move(payload)};
        }},
    Row{"audio-stop", [](const Fields&, std::string&&) -> Message { return AudioStop{}; }},
    Row{"synthesize",
        [](const Fields& f, std::string&&) -> Message {
          return Synthesize{text_of(f, "text"), parse_voice(f), parse_is_ssml(f)};
        }},
    Row{"synthesize-start",
        [](const Fields& f, std::string&&) -> Message {
          return SynthesizeStart{parse_voice(f), parse_is_ssml(f)};
        }},
    Row{"synthesize-chunk",
        [](const Fields& f, std::string&&) -> Message {
          return SynthesizeChunk{text_of(f, "text")};
        }},
    Row{"synthesize-stop",
        [](const Fields&, std::string&&) -> Message { return SynthesizeStop{}; }},
    Row{"detect",
        [](const Fields& f, std::string&&) -> Message {
          return Detect{f.find_strings("names").value_or(std::vector<std::string>())};
        }},
    Row{"transcript", [](const Fields& f, std::string&&) -> Message { return parse_said(f); }},
    Row{"recognize",
        [](const Fields& f, std::string&&) -> Message { return Recognize{parse_said(f)}; }},
};

Json with_context(Json data, const Context& context) {
  if (!context.json.empty()) data["context"] = http::parse_json(context.json);
  return data;
}

Json write_entities(const home::Intent& intent) {
  Json entities = Json::array();
  for (const auto& slot : intent.slots) {
    Json value;
    if (const auto* text = std::get_if<std::string>(&slot.value)) {
      value = *text;
    } else {
      const double number = std::get<double>(slot.value);
      value = number == std::floor(number) ? Json(static_cast<std::int64_t>(number)) : Json(number);
    }
    entities.push_back({{"name", slot.name}, {"value", std::move(value)}});
  }
  return entities;
}

std::string write_intent(const home::Intent& intent, const Context& context) {
  Json data = {{"name", intent.name}};
  if (!intent.slots.empty()) data["entities"] = write_entities(intent);
  if (!intent.answer.empty()) data["text"] = intent.answer;
  return frame("intent", with_context(std::move(data), context));
}

/// Little-endian, as everybody has it.
std::string to_pcm16(std::span<const float> samples) {
  std::string bytes(samples.size() * 2, '\0');
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const float clipped = std::clamp(samples[i], -1.0F, 1.0F);
    const auto value = static_cast<std::uint16_t>(std::lrintf(clipped * 32767.0F));
    bytes[2 * i] = static_cast<char>(value & 0xFF);
    bytes[2 * i + 1] = static_cast<char>(value >> 8);
  }
  return bytes;
}

Json shape_json(int rate, milliseconds at) {
  return {{"rate", rate}, {"width", 2}, {"channels", 1}, {"timestamp", at.count()}};
}

}  // namespace

Message parse_message(Event&& event) {
  const auto* row = std::find_if(kParsers.begin(), kParsers.end(),
                                 [&](const Row& each) { return each.type == event.type; });
  if (row == kParsers.end()) return Unknown{std::move(event.type)};
  const Json json = event.data.empty() ? Json::object() : http::parse_json_object(event.data);
  return row->parse(Fields(json, event.type), std::move(event.payload));
}

std::string write_pong(std::string_view text) {
  return text.empty() ? frame("pong") : frame("pong", {{"text", text}});
}

std::string write_error(const Error& error) {
  std::string text = error.what();
  if (!error.detail().empty()) text += " (" + error.detail() + ")";
  return frame("error", {{"text", text}, {"code", to_string(error.code())}});
}

std::string write_transcript_start(std::string_view language) {
  return language.empty() ? frame("transcript-start")
                          : frame("transcript-start", {{"language", language}});
}
std::string write_transcript_chunk(std::string_view text) {
  return frame("transcript-chunk", {{"text", text}});
}
std::string write_transcript(std::string_view text, std::string_view language) {
  Json data = {{"text", text}};
  if (!language.empty()) data["language"] = language;
  return frame("transcript", data);
}
std::string write_transcript_stop() {
  return frame("transcript-stop");
}
std::string write_voice_started(milliseconds at) {
  return frame("voice-started", {{"timestamp", at.count()}});
}
std::string write_voice_stopped(milliseconds at) {
  return frame("voice-stopped", {{"timestamp", at.count()}});
}

std::string write_detection(std::string_view name, Timestamp at) {
  Json data = {{"name", name}};
  if (at) data["timestamp"] = at->count();
  return frame("detection", data);
}
std::string write_not_detected() {
  return frame("not-detected");
}

std::string write_audio_start(int rate) {
  return frame("audio-start", shape_json(rate, {}));
}
std::string write_audio_chunk(int rate, std::span<const float> samples, milliseconds at) {
  return write_frame({"audio-chunk", http::to_text(shape_json(rate, at)), to_pcm16(samples)});
}
std::string write_audio_stop(milliseconds at) {
  return frame("audio-stop", {{"timestamp", at.count()}});
}
std::string write_synthesize_stopped() {
  return frame("synthesize-stopped");
}

std::string write_handled_start(const Context& context) {
  return frame("handled-start", with_context(Json::object(), context));
}
std::string write_handled_chunk(std::string_view text) {
  return frame("handled-chunk", {{"text", text}});
}
std::string write_handled(std::string_view text, const Context& context) {
  return frame("handled", with_context({{"text", text}}, context));
}
std::string write_handled_stop() {
  return frame("handled-stop");
}
std::string write_not_handled(std::string_view text, const Context& context) {
  return frame("not-handled", with_context({{"text", text}}, context));
}
std::string write_not_recognized(std::string_view text, const Context& context) {
  return frame("not-recognized", with_context({{"text", text}}, context));
}

std::string write_intents(const std::vector<home::Intent>& intents, const Context& context) {
  if (intents.size() == 1) return write_intent(intents.front(), context);
  std::string frames = frame("intents-start", with_context(Json::object(), context));
  for (const auto& intent : intents) frames += write_intent(intent, context);
  return frames + frame("intents-stop", with_context(Json::object(), context));
}

}  // namespace hailstone::wyoming
