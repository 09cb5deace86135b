// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a network is run, as its manifest and the operator want it. Pure.

#include <optional>

#include "inference/image_input.hpp"
#include "inference/model_spec.hpp"

namespace hailstone::engines::onnx {

/// ONNX Runtime's levels of graph optimisation, with its numbers.
enum class Optimisation { kNone = 0, kBasic = 1, kExtended = 2, kAll = 99 };

struct ModelSettings {
  std::optional<inference::ImageInput> input;
  int threads = 1;
  bool has_fixed_shapes = false;  ///< of the inputs: the file says so, not the manifest
  Optimisation optimisation = Optimisation::kAll;
};

/// threads: where neither the load nor the manifest says how many. Throws Error(kBadRequest) that
/// names the setting.
ModelSettings read_settings(const inference::ModelSpec& spec, const inference::LoadOptions& options,
                            int threads);

/// Of a further network (network_spec()): its own input, the rest as the model's. Throws as above.
ModelSettings read_network_settings(const inference::ModelSpec& network,
                                    const ModelSettings& model);

}  // namespace hailstone::engines::onnx
