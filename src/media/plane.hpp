// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One value per pixel: grey pictures, depth maps, masks.

#include <cstdint>
#include <vector>

namespace hailstone::media {

/// Rows top-down without padding: values.size() == width * height.
template <typename Value>
struct Plane {
  int width = 0;
  int height = 0;
  std::vector<Value> values;
};

}  // namespace hailstone::media
