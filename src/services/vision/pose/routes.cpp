// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/pose/routes.hpp"

#include <utility>

#include "services/vision/picture/object_request.hpp"
#include "services/vision/pose/wire.hpp"

namespace hailstone::pose {

picture::VisionTask make_task(picture::ObjectFinder& finder) {
  picture::ObjectService service;
  service.task = "pose";
  service.make_writer = [](const auto&) -> picture::WriteObjects {
    return [](const auto& result, const auto& request) {
      return request.format == picture::ObjectFormat::kCoco ? write_coco(result, request.image_id)
                                                            : write_plain(result);
    };
  };
  return picture::make_object_task(finder, std::move(service));
}

}  // namespace hailstone::pose
