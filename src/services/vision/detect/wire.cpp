// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/detect/wire.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "services/vision/picture/formats/coco.hpp"
#include "services/vision/picture/formats/wire_numbers.hpp"
#include "services/vision/picture/object_request.hpp"
#include "services/vision/picture/upload/options.hpp"
#include "vision/boxes/corners.hpp"

namespace hailstone::detect {
namespace {

using Json = nlohmann::ordered_json;

/// See Format.
constexpr std::array<std::string_view, 6> kFormats = {"json", "coco", "image",
                                                      "yolo", "dota", "classes"};

/// To four places, as scores are.
double to_angle(double radians) noexcept {
  return std::round(radians * 1e4) / 1e4;
}

Json write_bbox(const Result& result, const vision::Detection& found) {
  return picture::to_bbox(result.is_oriented ? vision::upright_box(found) : found.box);
}

Json write_corners(const vision::Detection& found) {
  Json corners = Json::array();
  for (const auto& corner : vision::corners_of(found)) {
    corners.push_back({picture::to_pixels(corner.x), picture::to_pixels(corner.y)});
  }
  return corners;
}

Json write_polygon(const vision::Detection& found) {
  Json numbers = Json::array();
  for (const auto& corner : vision::corners_of(found)) {
    numbers.push_back(picture::to_pixels(corner.x));
    numbers.push_back(picture::to_pixels(corner.y));
  }
  return Json::array({std::move(numbers)});
}

}  // namespace

std::vector<std::string> request_options() {
  return picture::object_options({"format", "image_id"});
}

Request parse_request(const picture::PictureRequest& request) {
  auto objects = picture::parse_object_request(request, kFormats);
  return {std::move(objects.task), static_cast<Format>(objects.format), objects.image_id,
          objects.file};
}

std::string write_plain(const Result& result) {
  Json out = Json::array();
  for (const auto& found : result.detections) {
    Json object{{"label", result.label_of(found)},
                {"confidence", picture::to_score(found.score)},
                {"bbox", write_bbox(result, found)}};
    if (result.is_oriented) {
      object["angle"] = to_angle(found.angle);
      object["corners"] = write_corners(found);
    }
    out.push_back(std::move(object));
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_coco(const Result& result, std::int64_t image_id) {
  const picture::CocoCategories categories(result.labels);
  Json out = Json::array();
  for (const auto& found : result.detections) {
    Json object{{"image_id", image_id},
                {"category_id", categories.of(found.class_id)},
                {"bbox", write_bbox(result, found)},
                {"score", picture::to_score(found.score)}};
    if (result.is_oriented) object["segmentation"] = write_polygon(found);
    out.push_back(std::move(object));
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_dota(const Result& result) {
  std::string text;
  for (const auto& found : result.detections) {
    for (const auto& corner : vision::corners_of(found)) {
      char numbers[64];
      std::snprintf(numbers, sizeof numbers, "%.1f %.1f ", corner.x, corner.y);
      text += numbers;
    }
    std::string label = result.label_of(found);
    std::replace(label.begin(), label.end(), ' ', '-');
    text += label + " 0\n";
  }
  return text;
}

}  // namespace hailstone::detect
