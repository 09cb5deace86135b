// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The request that everything which finds objects shares; the formats of the answer are each
// service's own.

#include <cstdint>
#include <span>
#include <string_view>

#include "services/vision/picture/objects.hpp"
#include "services/vision/picture/picture_reply.hpp"

namespace hailstone::picture {

struct ObjectRequest {
  ObjectTask task;
  std::size_t format = 0;     ///< index into the service's words
  std::int64_t image_id = 0;  ///< for COCO's results
  ImageFile file = ImageFile::kJpeg;
};

/// Fields: those of parse_object_options, "format" (one of the words, the first where it is not
/// given; "image" needs the picture's pixels, all of them), "image_id". Throws Error(kBadRequest)
/// that names the field.
ObjectRequest parse_object_request(const PictureRequest& request,
                                   std::span<const std::string_view> formats,
                                   ObjectOptions defaults = {});

}  // namespace hailstone::picture
