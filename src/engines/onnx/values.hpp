// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between our tensors and those of ONNX Runtime.

#include <string>

#include "engines/onnx/ort.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::engines::onnx {

/// Truth values are bytes of 0 and 1; halves stay halves. Throws Error(kUnsupported) that names the
/// tensor, for types that have no counterpart.
inference::TensorInfo read_info(const std::string& name, const Ort::TypeInfo& type);

/// Refers to the tensor's memory; type: what the network calls it.
Ort::Value wrap(const inference::Tensor& tensor, ONNXTensorElementDataType type);

/// A copy.
inference::Tensor unwrap(const Ort::Value& value, const std::string& name);

}  // namespace hailstone::engines::onnx
