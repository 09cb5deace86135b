// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/wire.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "services/common/tasks/text_fields.hpp"
#include "services/speech/transcribe/languages.hpp"
#include "services/speech/transcribe/wire_parts.hpp"

namespace hailstone::transcribe {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kLongest = 24 * 3600;

std::chrono::milliseconds parse_seconds(std::string_view field, std::string_view text) {
  return std::chrono::milliseconds(
      std::llround(services::parse_number(field, text, 0, kLongest) * 1000));
}

/// A grammar of these words, any number of them.
std::string make_grammar(const std::vector<std::string>& phrases) {
  for (const auto& phrase : phrases) {
    if (phrase.find_first_of("#;<>|()[]{}*+/\\\"=") != std::string::npos) {
      throw Error(ErrorCode::kBadRequest, "words_of takes plain words and phrases",
                  "a whole grammar goes into the field grammar");
    }
  }
  return "#JSGF V1.0; grammar words; public <words> = ( " + to_lower(join(phrases, " | ")) + " )+;";
}

void parse_limits(const sound::AudioRequest& request, Task& task) {
  auto& options = task.options;
  if (const auto grammar = request.find("grammar")) options.grammar = *grammar;
  if (const auto words = request.find_all("words_of"); !words.empty()) {
    if (!options.grammar.empty()) {
      throw Error(ErrorCode::kBadRequest, "grammar and words_of exclude each other");
    }
    options.grammar = make_grammar(split_lists(words));
  }
  options.hot_words = split_lists(request.find_all("hot_words"));
  if (const auto from = request.find("from")) task.from = parse_seconds("from", *from);
  if (const auto length = request.find("length")) task.length = parse_seconds("length", *length);
  if (const auto beam = request.find("beam_size")) {
    options.beam_size = services::parse_integer("beam_size", *beam, 1, 16);
  }
}

Json base_json(const Result& result, const TranscribeRequest& request) {
  Json json{{"text", result.text},
            {"language", result.language},
            {"duration", to_seconds(result.duration)}};
  if (request.task.options.want_words) {
    Json words = Json::array();
    for (const auto& segment : result.segments) {
      for (const auto& word : segment.words) words.push_back(word_json(word));
    }
    json["words"] = std::move(words);
  }
  return json;
}

}  // namespace

double to_seconds(std::chrono::milliseconds time) noexcept {
  return static_cast<double>(time.count()) / 1000;
}

Json word_json(const inference::HeardWord& word) {
  return {{"word", std::string(trim(word.text))},
          {"begin", to_seconds(word.begin)},
          {"end", to_seconds(word.end)},
          {"probability", std::round(word.probability * 1000) / 1000}};
}

std::vector<std::string> split_lists(const std::vector<std::string>& texts) {
  std::vector<std::string> all;
  for (const auto& text : texts) {
    auto names = services::parse_names(text);
    all.insert(all.end(), names.begin(), names.end());
  }
  return all;
}

std::string parse_language(std::string_view text) {
  if (const auto code = find_language_code(text)) return *code;
  throw Error(ErrorCode::kBadRequest,
              "language '" + std::string(utf8_prefix(text, 30)) + "' is unknown",
              "a code like en or de, a name like german, or auto");
}

void parse_common(const sound::AudioRequest& request, Task& task) {
  if (const auto model = request.find("model")) {
    if (!is_alias(*model)) task.model = *model;
  }
  if (const auto language = request.find("language")) {
    task.options.language = parse_language(*language);
  }
  if (const auto prompt = request.find("prompt")) task.options.prompt = *prompt;
  if (const auto temperature = request.find("temperature")) {
    task.options.temperature = services::parse_number("temperature", *temperature, 0, 1);
  }
}

bool is_alias(std::string_view model) noexcept {
  return model == "whisper-1" || model.starts_with("gpt-4o-transcribe") ||
         model.starts_with("gpt-4o-mini-transcribe");
}

bool parse_flag(const sound::AudioRequest& request, const char* field, bool fallback) {
  const auto text = request.find(field);
  return text ? services::parse_truth(field, *text) : fallback;
}

TranscribeRequest parse_transcribe(const sound::AudioRequest& request) {
  TranscribeRequest out;
  parse_common(request, out.task);
  parse_limits(request, out.task);
  out.task.options.translate = parse_flag(request, "translate", false);
  out.task.options.want_words = parse_flag(request, "words", false);
  out.task.trimming = parse_flag(request, "trim", true) ? Trimming::kSilence : Trimming::kNone;
  out.is_streamed = parse_flag(request, "stream", false);
  if (const auto name = request.find("format")) {
    const auto format = find_format(*name);
    if (!format) {
      throw Error(ErrorCode::kBadRequest,
                  "format must be one of: json, text, srt, vtt, verbose_json");
    }
    out.format = *format;
  }
  return out;
}

std::string write_json(const Result& result, const TranscribeRequest& request) {
  return base_json(result, request).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_verbose(const Result& result, const TranscribeRequest& request) {
  Json json = base_json(result, request);
  Json segments = Json::array();
  for (const auto& segment : result.segments) {
    Json entry{{"begin", to_seconds(segment.begin)},
               {"end", to_seconds(segment.end)},
               {"text", std::string(trim(segment.text))}};
    if (!segment.words.empty()) {
      entry["words"] = Json::array();
      for (const auto& word : segment.words) entry["words"].push_back(word_json(word));
    }
    segments.push_back(std::move(entry));
  }
  json["segments"] = std::move(segments);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_update(const Update& update) {
  Json json;
  if (update.segment) {
    json = {{"type", "segment"},
            {"begin", to_seconds(update.segment->begin)},
            {"end", to_seconds(update.segment->end)},
            {"text", std::string(trim(update.segment->text))}};
  } else {
    json = {{"type", "progress"}, {"heard", to_seconds(update.heard)}};
    if (update.duration) json["duration"] = to_seconds(*update.duration);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_done(const Result& result, const TranscribeRequest& request) {
  Json json{{"type", "done"}};
  json.update(base_json(result, request));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hailstone::transcribe
