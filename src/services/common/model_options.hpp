// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a caller, a manifest or a default may say about how a model runs. Each says only what it
// sets; overlay() puts them on top of each other.

#include <optional>
#include <string>
#include <vector>

#include "inference/text_session.hpp"

namespace hailstone::services {

struct ModelOptions {
  inference::Sampling sampling;
  std::optional<std::vector<std::string>> stop;
  std::optional<int> num_predict;  ///< zero and below: no limit
  std::optional<int> num_keep;
  // A change of these reloads the model.
  std::optional<int> num_ctx;
  std::optional<int> num_batch;
  std::optional<int> num_thread;
  std::optional<bool> use_mmap;

  std::vector<std::string> unknown;  ///< keys that nobody here knows
};

/// What Ollama documents for a model and a request that say nothing.
ModelOptions ollama_defaults();

/// base where over is silent. Lists are replaced, not joined. Keeps the unknown keys of over only.
ModelOptions overlay(const ModelOptions& base, const ModelOptions& over);

}  // namespace hailstone::services
