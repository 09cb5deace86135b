// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a picture lies within another one made of it (a network's input), and the way back.

namespace hailstone::media {

/// input = picture * scale + offset, in pixels, for each axis; the centre of the first pixel is at
/// (0.5, 0.5). A value.
struct Placement {
  double scale_x = 1;
  double scale_y = 1;
  double offset_x = 0;
  double offset_y = 0;

  constexpr double to_picture_x(double x) const noexcept { return (x - offset_x) / scale_x; }
  constexpr double to_picture_y(double y) const noexcept { return (y - offset_y) / scale_y; }

  /// This way and then the next: of a picture that was decoded smaller and then letterboxed.
  constexpr Placement then(const Placement& next) const noexcept {
    return {scale_x * next.scale_x, scale_y * next.scale_y, offset_x * next.scale_x + next.offset_x,
            offset_y * next.scale_y + next.offset_y};
  }
};

}  // namespace hailstone::media
