// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model whose runs are noted in the watch, whichever engine it is of and whoever runs it.

#include <memory>

#include "core/runtime/inference_watch.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {

class Metrics;

/// The watch and the metrics outlive the model's runs. metrics: where the figures of networks go
/// that tell whether they get slower over hours; null: nowhere.
std::unique_ptr<inference::Model> watch_model(std::unique_ptr<inference::Model> model,
                                              const inference::ModelSpec& spec,
                                              InferenceWatch& watch, Metrics* metrics = nullptr);

}  // namespace hailstone::core
