// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every pixel is: semantic segmentation ("class-map"). Pure; any thread.

#include <cstdint>
#include <vector>

#include "inference/tensor_session.hpp"
#include "media/placement.hpp"
#include "media/plane.hpp"
#include "vision/results.hpp"

namespace hailstone::vision {

/// The class of each pixel, in the network's resolution.
using ClassMap = media::Plane<std::uint16_t>;

/// Scores per class in either layout (the best wins, the first of equals), or a map of ids.
/// class_count as the labels say; 0: the last of three dimensions is the classes. Ids out of range
/// become 0. Throws Error(kEngineFailed) for anything else.
ClassMap read_class_map(const inference::Tensor& tensor, int class_count);

/// In the picture's resolution: nearest pixel of the network's input.
ClassMap to_picture(const ClassMap& map, const media::Placement& placement, int input_width,
                    int input_height, int width, int height);

struct ClassShare {
  int class_id = 0;
  double share = 0;  ///< of all pixels, 0 to 1
};
/// Those that are there, the largest first.
std::vector<ClassShare> shares_of(const ClassMap& map);

/// One for each class that is there, the largest first: its pixels as a mask of the box around
/// them, its share as the score.
std::vector<Detection> to_detections(const ClassMap& map);

}  // namespace hailstone::vision
