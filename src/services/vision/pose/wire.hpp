// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pose estimation in its plain dialect, in COCO's and in OpenPose's. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "services/vision/pose/task.hpp"

namespace hailstone::pose {

/// The names of the options that are read.
std::vector<std::string> request_options();

/// Throws Error(kBadRequest) that names the field.
Request parse_request(const picture::PictureRequest& request);

/// [{"person_id":0,"confidence":0.9,"bbox":[x,y,width,height],
///   "keypoints":[{"name":"nose","x":..,"y":..,"confidence":0.98}]}]
std::string write_plain(const picture::ObjectResult& result);

/// [{"image_id":7,"category_id":1,"keypoints":[x1,y1,v1,...],"score":0.9,"bbox":[...]}]; v is 2
/// where the point is seen, 1 where it is only guessed.
std::string write_coco(const picture::ObjectResult& result, std::int64_t image_id);

enum class OpenPoseBody : std::uint8_t { kBody25, kCoco18 };

/// {"version":1.3,"people":[{"person_id":[-1],"pose_keypoints_2d":[x1,y1,c1,...],...}]}. Throws
/// Error(kUnsupported) for people without the 17 points of COCO's.
std::string write_openpose(const Result& result, OpenPoseBody body);

}  // namespace hailstone::pose
