// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a canonical picture to the tensor that a network takes. Pure.

#include <cstddef>
#include <optional>
#include <vector>

#include "inference/image_input.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::engines::onnx {

/// Whether the tensor is a canonical picture (uint8, HWC or NHWC, RGB) for an input of that kind. A
/// network that takes just these bytes is given them as they are where nothing has to be converted.
bool is_picture_for(const inference::Tensor& tensor, const inference::TensorInfo& expected,
                    const std::optional<inference::ImageInput>& input) noexcept;

/// Layout, colour order, mean, std and type as the input and the network want them, written to out,
/// which becomes as long as that; returns what lies there. Throws Error(kBadRequest) where the
/// picture's size is not the network's, or the type is none for pictures.
inference::TensorInfo to_input(const inference::Tensor& picture,
                               const inference::TensorInfo& expected,
                               const std::optional<inference::ImageInput>& input,
                               std::vector<std::byte>& out);

}  // namespace hailstone::engines::onnx
