// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// ONNX Runtime: networks of tensors on the processor. It runs in a host of its own
// (hailstone-host-onnx); the daemon links nothing of it.

#include <memory>

#include "inference/engine.hpp"

namespace hailstone::engines::onnx {

/// Opens libonnxruntime when something is first asked of it; probe() tells where there is none.
/// Settings of a model: "input" (inference/image_input.hpp), "threads", "optimisation" (all, which
/// is the default, extended, basic, none), and "input.KIND" for a further network. A first input
/// takes a picture where its shape is one.
/// threads: of a model that does not say how many; 0: the physical cores but one.
std::unique_ptr<inference::Engine> make_onnx_engine(int threads = 0);

}  // namespace hailstone::engines::onnx
