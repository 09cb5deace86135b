// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A picture as plain data: what every vision net gets and every picture format decodes to.

#include <cstdint>
#include <vector>

namespace hailstone::media {

/// 8 bits a channel, R G B, rows top-down without padding: pixels.size() == width * height * 3.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

}  // namespace hailstone::media
