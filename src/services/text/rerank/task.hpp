// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Documents in the order of how well they answer a query.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/runtime.hpp"

namespace hailstone::rerank {

/// From 0 to 1, or the model's own numbers, whose scale differs from model to model.
enum class Scores { kRelevance, kRaw };

struct Task {
  std::string model;  ///< empty: one that is installed
  std::optional<core::KeepAlive> keep_alive;
  std::string query;
  std::vector<std::string> documents;
  std::optional<std::size_t> most;             ///< how many results
  std::optional<std::size_t> document_tokens;  ///< at most so many of each are read
  bool truncate = true;  ///< a document that is too long loses its end instead of being refused
  Scores scores = Scores::kRelevance;
};

struct Ranked {
  std::size_t index = 0;  ///< of the document
  double score = 0;
};

struct Result {
  std::string model;
  std::vector<Ranked> ranked;  ///< the best first
  int prompt_tokens = 0;
  int truncated_documents = 0;
  std::string engine;
  std::optional<core::KeepAlive> cut_keep_alive;  ///< what the operator grants instead
};

}  // namespace hailstone::rerank
