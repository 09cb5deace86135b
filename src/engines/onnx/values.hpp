// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between our tensors and those of ONNX Runtime.

#include <cstddef>
#include <span>
#include <string>

#include "engines/onnx/ort.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::engines::onnx {

/// Truth values are bytes of 0 and 1; halves stay halves. Throws Error(kUnsupported) that names the
/// tensor, for types that have no counterpart.
inference::TensorInfo read_info(const std::string& name, const Ort::TypeInfo& type);

/// Refers to the bytes; type: what the network calls it.
Ort::Value wrap(const inference::TensorInfo& info, std::span<const std::byte> bytes,
                ONNXTensorElementDataType type);

/// The tensor keeps the value, which has its bytes. They are copied where they are those of an
/// input, as in a network that passes one on: whoever made the inputs uses that memory again.
inference::Tensor unwrap(Ort::Value&& value, const std::string& name,
                         std::span<const Ort::Value> inputs);

}  // namespace hailstone::engines::onnx
