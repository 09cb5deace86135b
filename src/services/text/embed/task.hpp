// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Texts to vectors.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/runtime.hpp"
#include "inference/text_session.hpp"
#include "services/common/model_options.hpp"

namespace hailstone::embed {

enum class Scale { kAsTheModelGives, kUnitLength };

/// Without inputs: load the model.
struct Task {
  std::string model;
  services::ModelOptions options;
  std::optional<core::KeepAlive> keep_alive;
  std::vector<std::string> inputs;
  std::vector<std::vector<inference::TokenId>> token_inputs;  ///< instead of texts
  bool truncate = true;  ///< an input that is too long loses its end instead of being refused
  int dimensions = 0;    ///< how many of each vector's numbers to keep; 0: all
  Scale scale = Scale::kUnitLength;
};

struct Result {
  std::vector<std::vector<float>> vectors;  ///< one per input
  int prompt_tokens = 0;
  int truncated_inputs = 0;
  std::string engine;                             ///< empty where nothing ran
  std::optional<core::KeepAlive> cut_keep_alive;  ///< what the operator grants instead
  std::chrono::nanoseconds total_time{};
  std::chrono::nanoseconds load_time{};
};

}  // namespace hailstone::embed
