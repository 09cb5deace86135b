// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A picture as plain data: what every vision net gets and every picture format decodes to.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hailstone::media {

/// 8 bits a channel, R G B, rows top-down without padding: pixels.size() == width * height * 3.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

/// An image of that size with one value everywhere.
inline Image make_image(int width, int height, std::uint8_t value = 0) {
  return {width, height, std::vector<std::uint8_t>(std::size_t{3} * width * height, value)};
}

}  // namespace hailstone::media
