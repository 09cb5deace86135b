// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/segment/routes.hpp"

#include <utility>

#include "services/picture/object_request.hpp"
#include "services/segment/wire.hpp"

namespace hailstone::segment {

picture::VisionTask make_task(picture::ObjectFinder& finder) {
  picture::ObjectService service;
  service.task = "segment";
  service.masks = picture::Masks::kMake;
  service.make_writer = [](const auto& fields) -> picture::WriteObjects {
    const auto mask = parse_mask_format(fields.find_field("mask").value_or("rle"));
    return [mask](const auto& result, const auto& request) {
      return request.format == picture::ObjectFormat::kCoco
                 ? write_coco(result, request.image_id, mask)
                 : write_plain(result, mask);
    };
  };
  return picture::make_object_task(finder, std::move(service));
}

}  // namespace hailstone::segment
