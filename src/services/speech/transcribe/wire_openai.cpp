// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/wire_openai.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/common/tasks/text_fields.hpp"
#include "services/speech/transcribe/languages.hpp"
#include "services/speech/transcribe/wire_parts.hpp"

namespace hailstone::transcribe {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Format parse_format(const sound::AudioRequest& request) {
  const auto name = request.find("response_format").value_or("json");
  if (name == "diarized_json") {
    throw Error(
        ErrorCode::kBadRequest,
        "response_format diarized_json is not supported: no model here tells speakers apart",
        "json, text, srt, vtt and verbose_json work");
  }
  if (const auto format = find_format(name)) return *format;
  throw Error(ErrorCode::kBadRequest,
              "response_format must be one of: json, text, srt, vtt, verbose_json");
}

void parse_granularities(const sound::AudioRequest& request, TranscribeRequest& out) {
  const auto list = request.find_all("timestamp_granularities");
  if (list.empty()) return;
  if (out.format != Format::kVerboseJson) {
    throw Error(ErrorCode::kBadRequest,
                "timestamp_granularities needs response_format verbose_json");
  }
  out.want_segments = false;
  for (const auto& name : split_lists(list)) {
    if (name == "word") {
      out.task.options.want_words = true;
    } else if (name == "segment") {
      out.want_segments = true;
    } else {
      throw Error(ErrorCode::kBadRequest, "timestamp_granularities must be word or segment");
    }
  }
}

/// Silence is always left out; the field only has to be one that OpenAI knows.
void check_chunking(const sound::AudioRequest& request) {
  const auto strategy = request.find("chunking_strategy");
  if (!strategy || *strategy == "auto" || strategy->starts_with("{")) return;
  throw Error(ErrorCode::kBadRequest,
              "chunking_strategy must be \"auto\" or an object of the type server_vad");
}

Json segment_json(const inference::HeardSegment& segment, std::size_t id) {
  return {{"id", id},
          {"seek", segment.begin.count() / 10},
          {"start", to_seconds(segment.begin)},
          {"end", to_seconds(segment.end)},
          {"text", segment.text},
          {"tokens", segment.tokens},
          {"temperature", segment.temperature},
          {"avg_logprob", segment.average_logprob},
          {"compression_ratio", compression_ratio(segment.text)},
          {"no_speech_prob", segment.no_speech_probability}};
}

Json openai_word(const inference::HeardWord& word) {
  return {{"word", std::string(trim(word.text))},
          {"start", to_seconds(word.begin)},
          {"end", to_seconds(word.end)}};
}

Json verbose_base(const Result& result) {
  return {{"task", result.is_translated ? "translate" : "transcribe"},
          {"language", language_name(result.is_translated ? "en" : result.language)},
          {"duration", to_seconds(result.duration)},
          {"text", result.text}};
}

Json usage(const Result& result) {
  return {{"type", "duration"}, {"seconds", std::ceil(to_seconds(result.duration))}};
}

}  // namespace

TranscribeRequest parse_openai(const sound::AudioRequest& request, Aim aim) {
  TranscribeRequest out;
  if (!request.find("model")) throw Error(ErrorCode::kBadRequest, "model is required");
  parse_common(request, out.task);
  out.task.options.translate = aim == Aim::kTranslate;
  out.format = parse_format(request);
  parse_granularities(request, out);
  check_chunking(request);
  out.task.options.hot_words = split_lists(request.find_all("keywords"));
  out.is_streamed = parse_flag(request, "stream", false);
  return out;
}

TranscribeRequest parse_inference(const sound::AudioRequest& request) {
  TranscribeRequest out;
  parse_common(request, out.task);
  auto& options = out.task.options;
  options.translate = parse_flag(request, "translate", false);
  out.format = parse_format(request);
  options.want_words = out.format == Format::kVerboseJson;
  constexpr int kMostMilliseconds = 24 * 3600 * 1000;
  if (const auto text = request.find("offset_t")) {
    out.task.from =
        std::chrono::milliseconds(services::parse_integer("offset_t", *text, 0, kMostMilliseconds));
  }
  if (const auto text = request.find("duration")) {
    const int length = services::parse_integer("duration", *text, 0, kMostMilliseconds);
    if (length > 0) out.task.length = std::chrono::milliseconds(length);
  }
  if (const auto text = request.find("temperature_inc")) {
    options.temperature_step = services::parse_number("temperature_inc", *text, 0, 1);
  }
  if (const auto text = request.find("beam_size")) {
    options.beam_size = std::max(0, services::parse_integer("beam_size", *text, -1, 16));
  }
  return out;
}

std::string write_openai_json(const Result& result) {
  return dump({{"text", result.text}, {"usage", usage(result)}});
}

std::string write_openai_verbose(const Result& result, const TranscribeRequest& request) {
  Json json = verbose_base(result);
  if (request.want_segments) {
    json["segments"] = Json::array();
    for (const auto& segment : result.segments) {
      json["segments"].push_back(segment_json(segment, json["segments"].size()));
    }
  }
  if (request.task.options.want_words) {
    json["words"] = Json::array();
    for (const auto& segment : result.segments) {
      for (const auto& word : segment.words) json["words"].push_back(openai_word(word));
    }
  }
  json["usage"] = usage(result);
  return dump(json);
}

std::string write_inference_verbose(const Result& result) {
  Json json = verbose_base(result);
  json["segments"] = Json::array();
  for (const auto& segment : result.segments) {
    Json entry = segment_json(segment, json["segments"].size());
    entry["words"] = Json::array();
    for (const auto& word : segment.words) {
      Json item = openai_word(word);
      item["probability"] = word.probability;
      entry["words"].push_back(std::move(item));
    }
    json["segments"].push_back(std::move(entry));
  }
  json["detected_language"] = language_name(result.language);
  json["detected_language_probability"] = result.language_probability;
  json["language_probabilities"] = Json::object();
  if (result.language_probability > 0) {
    json["language_probabilities"][result.language] = result.language_probability;
  }
  return dump(json);
}

std::string write_text_delta(const inference::HeardSegment& segment) {
  return dump({{"type", "transcript.text.delta"}, {"delta", segment.text}});
}

std::string write_text_done(const Result& result) {
  return dump({{"type", "transcript.text.done"}, {"text", result.text}, {"usage", usage(result)}});
}

}  // namespace hailstone::transcribe
