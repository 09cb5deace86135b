// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pose estimation in its plain dialect and in COCO's. Pure.

#include <cstdint>
#include <string>

#include "services/vision/picture/objects.hpp"

namespace hailstone::pose {

/// [{"person_id":0,"confidence":0.9,"bbox":[x,y,width,height],
///   "keypoints":[{"name":"nose","x":..,"y":..,"confidence":0.98}]}]
std::string write_plain(const picture::ObjectResult& result);

/// [{"image_id":7,"category_id":1,"keypoints":[x1,y1,v1,...],"score":0.9,"bbox":[...]}]; v is 2
/// where the point is seen, 1 where it is only guessed.
std::string write_coco(const picture::ObjectResult& result, std::int64_t image_id);

}  // namespace hailstone::pose
