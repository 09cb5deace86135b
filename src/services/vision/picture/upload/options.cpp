// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/upload/options.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::picture {
namespace {

constexpr int kMostObjects = 1000;
constexpr std::size_t kShownName = 64;
constexpr double kMostPixels = 1e6;
constexpr std::array<std::string_view, 3> kTilings = {"off", "auto", "on"};

void read_unit(const PictureRequest& request, const char* field, double& value) {
  if (const auto text = request.find_field(field)) value = parse_number(field, *text, 0, 1);
}

/// How many letters make one of the other: Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = corner + (a[i] == b[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, corner + 1});
    }
  }
  return row.back();
}

[[noreturn]] void refuse_option(const std::string& field, std::span<const std::string> known) {
  const std::string shown(utf8_prefix(field, kShownName));
  const std::string outer = field.substr(0, field.find('.'));
  if (outer != field && std::find(known.begin(), known.end(), outer) != known.end()) {
    throw Error(ErrorCode::kBadRequest, outer + " must be a text or a number, got an object",
                outer == "region" ? "region is \"x,y,width,height\" in pixels" : "");
  }
  const auto nearest =
      std::min_element(known.begin(), known.end(), [&](const std::string& a, const std::string& b) {
        return distance(shown, a) < distance(shown, b);
      });
  std::string help = "options are: " + join({known.begin(), known.end()}, ", ");
  if (nearest != known.end() && distance(shown, *nearest) <= 2) {
    help = "did you mean '" + *nearest + "'? " + help;
  }
  throw Error(ErrorCode::kBadRequest, "there is no option '" + shown + "'", help);
}

}  // namespace

std::vector<std::string> object_options(std::initializer_list<const char*> more) {
  std::vector<std::string> names = {"model", "threshold", "confidence", "min_confidence", "iou",
                                    "max",   "classes",   "region",     "tiles"};
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

void check_options(const PictureRequest& request, std::span<const std::string> known) {
  for (const auto& [field, value] : request.fields) {
    const bool is_known = std::find(known.begin(), known.end(), field) != known.end();
    if (!is_known && !value.empty()) refuse_option(field, known);
  }
}

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
