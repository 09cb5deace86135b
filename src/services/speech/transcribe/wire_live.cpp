// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/wire_live.hpp"

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "services/common/tasks/text_fields.hpp"
#include "services/speech/transcribe/wire_parts.hpp"

namespace hailstone::transcribe {
namespace {

using Json = http::Json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

LiveFormat parse_format(std::string_view name) {
  if (name == "pcm_s16le" || name == "pcm16" || name == "pcm") return LiveFormat::kPcm16;
  if (name == "pcm_f32le") return LiveFormat::kFloat32;
  if (name == "opus") return LiveFormat::kOpus;
  throw Error(ErrorCode::kBadRequest, "format must be one of: pcm_s16le, pcm_f32le, opus");
}

}  // namespace

LiveRequest parse_live(const std::map<std::string, std::string>& fields) {
  sound::AudioRequest request;
  for (const auto& [name, value] : fields) request.fields[name].push_back(value);
  LiveRequest live;
  parse_common(request, live.task);
  auto& options = live.task.options;
  options.translate = parse_flag(request, "translate", false);
  options.want_words = parse_flag(request, "words", false);
  if (const auto grammar = request.find("grammar")) options.grammar = *grammar;
  if (const auto format = request.find("format")) live.format = parse_format(*format);
  if (const auto rate = request.find("sample_rate")) {
    live.sample_rate = services::parse_integer("sample_rate", *rate, 8000, 192'000);
  }
  if (const auto silence = request.find("silence_ms")) {
    live.gate.min_silence =
        std::chrono::milliseconds(services::parse_integer("silence_ms", *silence, 100, 10'000));
  }
  return live;
}

LiveMessage parse_live_message(std::string_view text) {
  const Json json = http::parse_json_object(text);
  const std::string type = http::Fields(json).required_string("type");
  if (type == "commit") return {LiveCommand::kCommit, {}};
  if (type == "stop") return {LiveCommand::kStop, {}};
  if (type != "start") {
    throw Error(ErrorCode::kBadRequest, "type must be one of: start, commit, stop");
  }
  LiveMessage message{LiveCommand::kStart, {}};
  for (const auto& [name, value] : json.items()) {
    if (name == "type" || value.is_null()) continue;
    message.fields[name] = value.is_string() ? value.get<std::string>() : http::to_text(value);
  }
  return message;
}

std::string write_ready(const std::string& model, const std::string& engine, int sample_rate) {
  return dump(
      {{"type", "ready"}, {"model", model}, {"engine", engine}, {"sample_rate", sample_rate}});
}

std::string write_gate_event(const sound::GateEvent& event) {
  const bool is_start = event.kind == sound::GateEvent::Kind::kStarted;
  return dump({{"type", is_start ? "speech_started" : "speech_stopped"},
               {"at", static_cast<double>(event.at) / sound::kSampleRate}});
}

std::string write_heard(const inference::HearEvent& event) {
  const bool is_final = event.kind == inference::HearEvent::Kind::kFinal;
  Json json{{"type", is_final ? "final" : "partial"},
            {"text", std::string(trim(event.segment.text))},
            {"begin", to_seconds(event.segment.begin)},
            {"end", to_seconds(event.segment.end)}};
  if (!is_final) {
    // The text is sent without the blank at its begin.
    const auto lost = event.segment.text.size() - trim(event.segment.text).size();
    json["stable"] = event.stable > lost ? event.stable - lost : 0;
  }
  if (!event.segment.words.empty()) {
    json["words"] = Json::array();
    for (const auto& word : event.segment.words) json["words"].push_back(word_json(word));
  }
  return dump(json);
}

std::string write_live_done(const std::string& text, const std::string& language,
                            std::chrono::milliseconds duration) {
  return dump({{"type", "done"},
               {"text", text},
               {"language", language},
               {"duration", to_seconds(duration)}});
}

std::string write_live_error(const Error& error) {
  Json json{{"type", "error"}, {"error", error.what()}};
  if (!error.detail().empty()) json["detail"] = error.detail();
  return dump(json);
}

}  // namespace hailstone::transcribe
