// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers as they go into replies: pixels to a hundredth, scores to a ten-thousandth. More digits
// are noise that doubles a reply.

#include <cmath>
#include <nlohmann/json.hpp>

#include "media/shapes.hpp"

namespace hailstone::picture {

inline double to_pixels(double value) noexcept {
  return std::round(value * 100) / 100;
}

inline double to_score(double value) noexcept {
  return std::round(value * 10'000) / 10'000;
}

inline nlohmann::ordered_json to_bbox(const media::Box& box) {
  return {to_pixels(box.x), to_pixels(box.y), to_pixels(box.width), to_pixels(box.height)};
}

}  // namespace hailstone::picture
