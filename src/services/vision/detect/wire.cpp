// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/detect/wire.hpp"

#include <nlohmann/json.hpp>

#include "services/vision/picture/coco.hpp"
#include "services/vision/picture/wire_numbers.hpp"

namespace hailstone::detect {
using Json = nlohmann::ordered_json;

std::string write_plain(const picture::ObjectResult& result) {
  Json out = Json::array();
  for (const auto& detection : result.detections) {
    out.push_back({{"label", result.label_of(detection)},
                   {"confidence", picture::to_score(detection.score)},
                   {"bbox", picture::to_bbox(detection.box)}});
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_coco(const picture::ObjectResult& result, std::int64_t image_id) {
  Json out = Json::array();
  for (const auto& detection : result.detections) {
    out.push_back(
        {{"image_id", image_id},
         {"category_id", picture::coco_category(result.label_of(detection), detection.class_id)},
         {"bbox", picture::to_bbox(detection.box)},
         {"score", picture::to_score(detection.score)}});
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hailstone::detect
