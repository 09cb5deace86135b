// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/segment/wire.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "media/codec/encode.hpp"
#include "services/common/base64.hpp"
#include "services/picture/coco.hpp"
#include "services/picture/upload/text_fields.hpp"
#include "services/picture/wire_numbers.hpp"
#include "vision/boxes/to_picture.hpp"
#include "vision/masks/mask_formats.hpp"

namespace hailstone::segment {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kMaskFormats = {"rle", "polygon", "png"};

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

}  // namespace

MaskFormat parse_mask_format(std::string_view text) {
  return static_cast<MaskFormat>(picture::parse_word("mask", text, kMaskFormats));
}

std::string write_plain(const picture::ObjectResult& result, MaskFormat format) {
  Json out = Json::array();
  for (const auto& object : result.detections) {
    out.push_back({{"label", result.label_of(object)},
                   {"confidence", picture::to_score(object.score)},
                   {"bbox", picture::to_bbox(object.box)},
                   {"area", vision::area(object.mask)},
                   {"mask", write_mask(object, result.size, format)}});
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_coco(const picture::ObjectResult& result, std::int64_t image_id,
                       MaskFormat format) {
  Json out = Json::array();
  for (const auto& object : result.detections) {
    const int category = picture::coco_category(result.label_of(object), object.class_id);
    // pycocotools knows no PNG.
    const auto shape = format == MaskFormat::kPolygon ? format : MaskFormat::kRle;
    out.push_back({{"image_id", image_id},
                   {"category_id", category},
                   {"bbox", picture::to_bbox(object.box)},
                   {"score", picture::to_score(object.score)},
                   {"segmentation", write_mask(object, result.size, shape)}});
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hailstone::segment
