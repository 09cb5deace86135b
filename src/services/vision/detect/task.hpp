// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which objects are where in a picture, as plain values.

#include <cstdint>

#include "services/vision/picture/objects.hpp"
#include "services/vision/picture/picture_reply.hpp"

namespace hailstone::detect {

/// The words of "format", in their order.
enum class Format : std::uint8_t {
  kJson,     ///< the service's own
  kCoco,     ///< COCO's results, as pycocotools loads them
  kImage,    ///< the picture with what was found drawn in
  kYolo,     ///< a label file of YOLO's
  kDota,     ///< a label file of DOTA's: four corners, the label
  kClasses,  ///< classes.txt beside YOLO's label files
};

struct Request {
  picture::ObjectTask task;
  Format format = Format::kJson;
  std::int64_t image_id = 0;  ///< for COCO's results
  picture::ImageFile file = picture::ImageFile::kJpeg;
};

using Result = picture::ObjectResult;

}  // namespace hailstone::detect
