// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was found as YOLO's label files have it: a line for each object, the number of its class and
// then coordinates as parts of the picture, 0 to 1. Pure.

#include <string>
#include <vector>

#include "services/vision/picture/objects.hpp"

namespace hailstone::picture {

/// "class x y width height", x and y the middle; of turned boxes "class x1 y1 x2 y2 x3 y3 x4 y4".
std::string write_yolo_boxes(const ObjectResult& result);

/// "class x1 y1 x2 y2 ...": the largest outline of each object.
std::string write_yolo_outlines(const ObjectResult& result);

/// classes.txt: the labels in the order of their numbers, one a line.
std::string write_classes(const std::vector<std::string>& labels);

}  // namespace hailstone::picture
