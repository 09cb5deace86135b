// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/boxes/corners.hpp"

#include <algorithm>
#include <cmath>

namespace hailstone::vision {

std::array<media::Point, 4> corners_of(const Detection& found) noexcept {
  const double cos = std::cos(found.angle);
  const double sin = std::sin(found.angle);
  const double half_width = found.box.width / 2;
  const double half_height = found.box.height / 2;
  const double x = found.box.x + half_width;
  const double y = found.box.y + half_height;
  const auto turned = [&](double u, double v) -> media::Point {
    return {x + u * half_width * cos - v * half_height * sin,
            y + u * half_width * sin + v * half_height * cos};
  };
  return {turned(-1, -1), turned(1, -1), turned(1, 1), turned(-1, 1)};
}

Box upright_box(const Detection& found) noexcept {
  const auto corners = corners_of(found);
  const auto [left, right] = std::minmax({corners[0].x, corners[1].x, corners[2].x, corners[3].x});
  const auto [top, bottom] = std::minmax({corners[0].y, corners[1].y, corners[2].y, corners[3].y});
  return {left, top, right - left, bottom - top};
}

}  // namespace hailstone::vision
