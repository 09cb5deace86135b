// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wake/wire_wake.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "http/json_fields.hpp"
#include "services/common/tasks/text_fields.hpp"

namespace hailstone::wake {
namespace {

using http::Json;

double seconds_of(std::uint64_t at) {
  return static_cast<double>(at) / 16'000.0;
}

Json words_json(const std::vector<WakeWord>& words) {
  Json list = Json::array();
  for (const auto& word : words) list.push_back({{"name", word.name}, {"phrase", word.phrase}});
  return list;
}

}  // namespace

WakeRequest parse_wake(const std::map<std::string, std::string>& query) {
  WakeRequest request;
  const auto read = [&](const char* name, auto&& take) {
    if (const auto found = query.find(name); found != query.end()) take(name, found->second);
  };
  read("words",
       [&](const char*, const auto& text) { request.words = services::parse_names(text); });
  read("threshold", [&](const char* name, const auto& text) {
    request.options.threshold = static_cast<float>(services::parse_number(name, text, 0.01, 1));
  });
  read("patience", [&](const char* name, const auto& text) {
    request.options.patience = services::parse_integer(name, text, 1, 50);
  });
  read("refractory_ms", [&](const char* name, const auto& text) {
    request.options.refractory =
        std::chrono::milliseconds(services::parse_integer(name, text, 0, 60'000));
  });
  read("sample_rate", [&](const char* name, const auto& text) {
    request.sample_rate = services::parse_integer(name, text, 8000, 192'000);
  });
  read("scores", [&](const char* name, const auto& text) {
    request.want_scores = services::parse_truth(name, text);
  });
  return request;
}

void parse_stop(std::string_view text) {
  const auto json = http::parse_json_object(text);
  if (http::Fields(json).required_string("type") == "stop") return;
  throw Error(ErrorCode::kBadRequest, "type must be stop",
              "options stand in the query: /api/wake?words=hey_jarvis&threshold=0.5");
}

std::string write_words(const std::vector<WakeWord>& words) {
  return http::to_text({{"words", words_json(words)}});
}

std::string write_ready(const std::vector<WakeWord>& words, int sample_rate) {
  return http::to_text(
      {{"type", "ready"}, {"words", words_json(words)}, {"sample_rate", sample_rate}});
}

std::string write_detected(const WakeWord& word, const Detection& detection) {
  return http::to_text({{"type", "detected"},
                        {"word", word.name},
                        {"phrase", word.phrase},
                        {"score", detection.score},
                        {"at", seconds_of(detection.at)}});
}

std::string write_scores(const std::vector<WakeWord>& words, std::uint64_t at,
                         std::span<const float> scores) {
  Json by_name = Json::object();
  for (std::size_t i = 0; i < scores.size(); ++i) by_name[words[i].name] = scores[i];
  return http::to_text(
      {{"type", "scores"}, {"at", seconds_of(at)}, {"scores", std::move(by_name)}});
}

std::string write_done(int detected) {
  return http::to_text({{"type", "done"}, {"detected", detected}});
}

std::string write_wake_error(const Error& error) {
  return http::to_text({{"type", "error"}, {"error", error.what()}, {"detail", error.detail()}});
}

}  // namespace hailstone::wake
