// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What vision networks find, as plain values. Coordinates are pixels with the origin at the top
// left corner: of the network's input where a decoder made them, of the original picture after
// to_picture().

#include <cstdint>
#include <vector>

#include "inference/read_session.hpp"

namespace hailstone::vision {

using inference::Box;

struct Keypoint {
  double x = 0;
  double y = 0;
  double confidence = 0;  ///< 0 to 1
};

/// Which pixels belong to something: 1 or 0, rows top-down, width * height of them.
struct Mask {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

/// One found object. What the network does not give is empty.
struct Detection {
  int class_id = 0;  ///< index into the model's labels
  double score = 0;  ///< 0 to 1
  Box box;           ///< of an oriented box: before it is turned
  double angle = 0;  ///< radians, clockwise, about the box's centre: oriented boxes only
  std::vector<Keypoint> keypoints;
  std::vector<float> mask_coefficients;  ///< of instance segmentation, before its mask is made
  Mask mask;                             ///< of the box alone, in the picture's resolution
};

}  // namespace hailstone::vision
