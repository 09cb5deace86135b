// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// People and their joints, as plain values.

#include <cstdint>

#include "services/vision/picture/objects.hpp"
#include "services/vision/picture/picture_reply.hpp"

namespace hailstone::pose {

/// The words of "format", in their order.
enum class Format : std::uint8_t {
  kJson,        ///< the service's own
  kCoco,        ///< COCO's results, as pycocotools loads them
  kImage,       ///< the picture with skeletons drawn in
  kOpenPose,    ///< OpenPose's file, with the 25 points of BODY_25
  kOpenPose18,  ///< the same with the 18 points that OpenPose calls COCO
};

struct Request {
  picture::ObjectTask task;
  Format format = Format::kJson;
  std::int64_t image_id = 0;  ///< for COCO's results
  picture::ImageFile file = picture::ImageFile::kJpeg;
};

using Result = picture::ObjectResult;

}  // namespace hailstone::pose
