// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages of /api/wake. Pure.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "services/speech/wake/detector.hpp"

namespace hailstone::wake {

struct WakeRequest {
  std::vector<std::string> words;  ///< empty: all
  WakeOptions options;
  int sample_rate = 16'000;
  bool want_scores = false;
};

/// From the query: "words" (with commas), "threshold", "patience", "refractory_ms", "sample_rate",
/// "scores". Throws Error(kBadRequest) that names the field.
WakeRequest parse_wake(const std::map<std::string, std::string>& query);

/// {"type":"stop"} is the only thing that a client says besides sound. Throws Error(kBadRequest).
void parse_stop(std::string_view text);

/// {"words":[{"name","phrase"}]}
std::string write_words(const std::vector<WakeWord>& words);
/// {"type":"ready","words":[...],"sample_rate"}
std::string write_ready(const std::vector<WakeWord>& words, int sample_rate);
/// {"type":"detected","word","phrase","score","at"}, in seconds of the stream
std::string write_detected(const WakeWord& word, const Detection& detection);
/// {"type":"scores","at","scores":{name:score}}
std::string write_scores(const std::vector<WakeWord>& words, std::uint64_t at,
                         std::span<const float> scores);
/// {"type":"done","detected"}: how often
std::string write_done(int detected);
/// {"type":"error","error","detail"}
std::string write_wake_error(const Error& error);

}  // namespace hailstone::wake
