// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network that ONNX Runtime has loaded.

#include <memory>

#include "engines/onnx/network/settings.hpp"
#include "engines/onnx/ort.hpp"
#include "inference/engine.hpp"

namespace hailstone::engines::onnx {

/// Loads all networks of the model, and runs each once with zeros, so that the first request does
/// not pay for what is set up then.
std::unique_ptr<inference::Model> load_model(Ort::Env& env, const inference::ModelSpec& spec,
                                             const ModelSettings& settings, const RunContext& run);

}  // namespace hailstone::engines::onnx
