// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shapes as they are promised, and as they come. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "inference/tensor_session.hpp"

namespace hailstone::engines::onnx {

/// "[1, 3, any, any]"
std::string show_shape(const std::vector<std::int64_t>& shape);

/// -1 in expected: any size of at least 1.
bool fits(const std::vector<std::int64_t>& expected,
          const std::vector<std::int64_t>& shape) noexcept;

/// Throws Error(kBadRequest) unless type, shape and number of bytes are as the input wants them.
void check_tensor(const inference::Tensor& tensor, const inference::TensorInfo& expected);

}  // namespace hailstone::engines::onnx
