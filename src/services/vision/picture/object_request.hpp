// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The request that detection, pose and segmentation share, and how it is answered: only how a
// result is written is their own.

#include <cstdint>
#include <functional>
#include <string>

#include "services/vision/picture/objects.hpp"
#include "services/vision/picture/picture_reply.hpp"
#include "services/vision/picture/vision_task.hpp"

namespace hailstone::picture {

enum class ObjectFormat : std::uint8_t {
  kPlain,  ///< the service's own JSON
  kCoco,   ///< COCO's results, as pycocotools loads them
  kImage,  ///< the picture with what was found drawn in
};

struct ObjectRequest {
  ObjectTask task;
  ObjectFormat format = ObjectFormat::kPlain;
  std::int64_t image_id = 0;  ///< for COCO's results
  ImageFile file = ImageFile::kJpeg;
};

/// Fields: those of parse_object_options, "format" (json, coco, image), "image_id". Throws
/// Error(kBadRequest) that names the field.
ObjectRequest parse_object_request(const PictureRequest& request, ObjectOptions defaults = {});

/// Writes a result in the plain format or in COCO's.
using WriteObjects =
    std::function<std::string(const ObjectResult& result, const ObjectRequest& request)>;

struct ObjectService {
  std::string task;  ///< the catalogue's word, and the route's
  ObjectOptions defaults;
  /// Called before anything is looked at: reads the fields that only this service knows, and may
  /// throw.
  std::function<WriteObjects(const PictureRequest& fields)> make_writer;
};

/// The finder must outlive it.
VisionTask make_object_task(ObjectFinder& finder, ObjectService service);

}  // namespace hailstone::picture
