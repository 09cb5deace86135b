// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Detections on their way from a network's input back to the picture. Pure; any thread.

#include <vector>

#include "media/placement.hpp"
#include "vision/results.hpp"

namespace hailstone::vision {

/// From pixels of the network's input to pixels of the picture of width x height, clipped to it;
/// what lies outside is left out. A turned box is not clipped, but left out where its centre is
/// outside. Key points are not clipped. A mask is brought to the picture's resolution.
std::vector<Detection> to_picture(std::vector<Detection> detections,
                                  const media::Placement& placement, int width, int height);

/// The pixels that a box touches: what a detection's mask covers.
struct PixelBox {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};
PixelBox pixels_of(const Box& box) noexcept;

}  // namespace hailstone::vision
