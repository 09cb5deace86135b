// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/upload/options.hpp"

#include <array>
#include <limits>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::picture {
namespace {

constexpr int kMostObjects = 1000;
constexpr double kMostPixels = 1e6;
constexpr std::array<std::string_view, 3> kTilings = {"off", "auto", "on"};

void read_unit(const PictureRequest& request, const char* field, double& value) {
  if (const auto text = request.find_field(field)) value = parse_number(field, *text, 0, 1);
}

}  // namespace

media::Box parse_region(std::string_view text) {
  const auto parts = split(text, ',');
  if (parts.size() != 4) {
    throw Error(ErrorCode::kBadRequest, "region must be x,y,width,height in pixels, got '" +
                                            std::string(utf8_prefix(text, 40)) + "'");
  }
  const auto number = [&](std::size_t index, double min) {
    return parse_number("region", parts[index], min, kMostPixels);
  };
  return {number(0, 0), number(1, 0), number(2, 1), number(3, 1)};
}

ObjectOptions parse_object_options(const PictureRequest& request, ObjectOptions defaults) {
  ObjectOptions options = std::move(defaults);
  if (const auto model = request.find_field("model")) options.model = *model;
  // What the services that people come from call it.
  for (const auto* name : {"min_confidence", "confidence", "threshold"}) {
    read_unit(request, name, options.threshold);
  }
  read_unit(request, "iou", options.iou);
  if (const auto max = request.find_field("max")) {
    options.max = parse_integer("max", *max, 1, kMostObjects);
  }
  if (const auto classes = request.find_field("classes")) options.classes = parse_names(*classes);
  if (const auto region = request.find_field("region")) options.region = parse_region(*region);
  if (const auto tiles = request.find_field("tiles")) {
    options.tiling = static_cast<Tiling>(parse_word("tiles", *tiles, kTilings));
  }
  return options;
}

}  // namespace hailstone::picture
