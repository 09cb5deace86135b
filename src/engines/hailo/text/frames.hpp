// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures of a conversation, as a model of the chip sees them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engines/hailo/chip/chip.hpp"
#include "inference/message.hpp"

namespace hailstone::engines::hailo {

struct Frame {
  std::vector<std::uint8_t> pixels;
  std::size_t tokens = 0;  ///< that it takes of the context, about
};

/// All pictures in their order, the largest middle part of the model's shape each. shape: nothing
/// where the model sees none. Throws Error(kUnsupported), and kBadRequest for what is no picture.
std::vector<Frame> make_frames(const std::vector<inference::Message>& messages,
                               const std::optional<FrameShape>& shape);

}  // namespace hailstone::engines::hailo
