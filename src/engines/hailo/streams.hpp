// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network's streams as our tensors. Pure.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engines/hailo/chip/chip.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::engines::hailo {

/// A picture, which goes to the chip as it is: HEFs have scale and mean inside.
bool is_picture(const StreamInfo& stream) noexcept;

/// [1, height, width, features]; vectors [1, features].
inference::TensorInfo input_info(const StreamInfo& stream);

/// What comes out is floats, whatever the network stores: the chip's lists of detections
/// [1, classes, 1 + 5 x boxes], or as bytes where they are records.
inference::TensorInfo output_info(const StreamInfo& stream);

/// What a run gives, out of the stream's buffer: stored values become real ones.
inference::SharedBytes to_real(const StreamInfo& stream, std::span<const std::byte> stored);

/// Throws Error(kBadRequest) that names the input, what was expected and what came.
void check_input(const std::string& model, const inference::Tensor& tensor,
                 const StreamInfo& stream);

}  // namespace hailstone::engines::hailo
