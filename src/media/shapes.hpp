// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is pointed at in a picture. The origin is the picture's top left corner, the centre of its
// first pixel is at (0.5, 0.5).

namespace hailstone::media {

struct Point {
  double x = 0;
  double y = 0;
};

/// Left, top, width, height.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

}  // namespace hailstone::media
