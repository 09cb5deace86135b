// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/segment/wire.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "media/codec/encode.hpp"
#include "services/common/base64.hpp"
#include "services/vision/picture/formats/coco.hpp"
#include "services/vision/picture/formats/wire_numbers.hpp"
#include "services/vision/picture/upload/text_fields.hpp"
#include "vision/boxes/to_picture.hpp"
#include "vision/masks/mask_formats.hpp"

namespace hailstone::segment {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kMaskFormats = {"rle", "polygon", "png"};
constexpr std::array<std::string_view, 6> kFormats = {"json", "coco", "image",
                                                      "map",  "yolo", "classes"};
constexpr std::array<std::string_view, 2> kKinds = {"instance", "semantic"};

Json write_rle(const vision::Detection& object, picture::Size size) {
  const auto part = vision::pixels_of(object.box);
  const auto runs = vision::count_runs(object.mask, part.x, part.y, size.width, size.height);
  return {{"size", {size.height, size.width}}, {"counts", vision::compress_runs(runs)}};
}

Json write_polygons(const vision::Detection& object) {
  const auto part = vision::pixels_of(object.box);
  Json out = Json::array();
  for (const auto& polygon : vision::find_polygons(object.mask, part.x, part.y)) {
    Json corners = Json::array();
    for (const auto& corner : polygon) {
      corners.push_back(picture::to_pixels(corner.x));
      corners.push_back(picture::to_pixels(corner.y));
    }
    out.push_back(std::move(corners));
  }
  return out;
}

Json write_png(const vision::Detection& object) {
  media::Plane<std::uint8_t> gray{object.mask.width, object.mask.height, object.mask.pixels};
  for (auto& value : gray.values) value = value == 0 ? 0 : 255;
  if (gray.values.empty()) return "";
  return services::to_base64(media::encode_png(gray));
}

Json write_mask(const vision::Detection& object, picture::Size size, MaskFormat format) {
  switch (format) {
    case MaskFormat::kPolygon:
      return write_polygons(object);
    case MaskFormat::kPng:
      return write_png(object);
    case MaskFormat::kRle:
      break;
  }
  return write_rle(object, size);
}

bool names_a_threshold(const picture::PictureRequest& request) {
  return request.find_field("threshold") || request.find_field("confidence") ||
         request.find_field("min_confidence");
}

}  // namespace

std::vector<std::string> request_options() {
  return picture::object_options({"format", "image_id", "mask", "kind"});
}

Request parse_request(const picture::PictureRequest& request) {
  Request out;
  auto objects = picture::parse_object_request(request, kFormats);
  out.format = static_cast<Format>(objects.format);
  out.image_id = objects.image_id;
  out.file = objects.file;
  out.task.objects = std::move(objects.task);
  out.task.objects.masks = picture::Masks::kMake;
  if (names_a_threshold(request)) out.task.least_share = out.task.objects.options.threshold;
  if (const auto mask = request.find_field("mask")) {
    out.mask = static_cast<MaskFormat>(picture::parse_word("mask", *mask, kMaskFormats));
  }
  if (const auto kind = request.find_field("kind")) {
    out.task.kind = static_cast<Kind>(picture::parse_word("kind", *kind, kKinds));
  }
  if (out.format != Format::kMap) return out;
  if (out.task.kind == Kind::kInstance) {
    throw Error(ErrorCode::kBadRequest, "format=map is of kind=semantic: the class of each pixel");
  }
  out.task.kind = Kind::kSemantic;
  return out;
}

std::string write_plain(const Result& result, MaskFormat format) {
  const auto& objects = result.objects;
  const char* score = result.kind == Kind::kSemantic ? "share" : "confidence";
  Json out = Json::array();
  for (const auto& object : objects.detections) {
    out.push_back({{"label", objects.label_of(object)},
                   {score, picture::to_score(object.score)},
                   {"bbox", picture::to_bbox(object.box)},
                   {"area", vision::area(object.mask)},
                   {"mask", write_mask(object, objects.size, format)}});
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_coco(const Result& result, std::int64_t image_id, MaskFormat format) {
  const auto& objects = result.objects;
  const picture::CocoCategories categories(objects.labels);
  Json out = Json::array();
  for (const auto& object : objects.detections) {
    const int category = categories.of(object.class_id);
    // pycocotools knows no PNG.
    const auto shape = format == MaskFormat::kPolygon ? format : MaskFormat::kRle;
    out.push_back({{"image_id", image_id},
                   {"category_id", category},
                   {"bbox", picture::to_bbox(object.box)},
                   {"score", picture::to_score(object.score)},
                   {"segmentation", write_mask(object, objects.size, shape)}});
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_map(const Result& result) {
  const auto& ids = result.map.values;
  const bool is_small = std::all_of(ids.begin(), ids.end(), [](auto id) { return id <= 255; });
  if (!is_small) return media::encode_png(result.map);
  media::Plane<std::uint8_t> bytes{result.map.width, result.map.height, {}};
  bytes.values.assign(ids.begin(), ids.end());
  return media::encode_png(bytes);
}

}  // namespace hailstone::segment
