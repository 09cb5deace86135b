// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/vision/columns.hpp"

#include <algorithm>
#include <cstdio>

namespace hailstone::cli {
namespace {

/// As the service's COCO format has it: at least this, and the joint is seen.
constexpr double kSeen = 0.5;

double real_of(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

/// form: for printf, of one double.
std::string format(const char* form, const Json& value) {
  if (!value.is_number()) return {};
  char text[64];
  std::snprintf(text, sizeof text, form, value.get<double>());
  return text;
}

std::string format_member(const char* form, const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? "" : format(form, *found);
}

std::string box_cell(const Json& item, std::size_t index) {
  const Json& box = array_of(item, "bbox");
  return index < box.size() ? format("%.0f", box[index]) : "";
}

}  // namespace

std::string label_cell(const Json& item) {
  return text_of(item, "label");
}

std::string confidence_cell(const Json& item) {
  return format_member("%.2f", item, "confidence");
}

std::string x_cell(const Json& item) {
  return box_cell(item, 0);
}

std::string y_cell(const Json& item) {
  return box_cell(item, 1);
}

std::string width_cell(const Json& item) {
  return box_cell(item, 2);
}

std::string height_cell(const Json& item) {
  return box_cell(item, 3);
}

std::string person_id_cell(const Json& item) {
  return format_member("%.0f", item, "person_id");
}

std::string joints_cell(const Json& item) {
  const Json& joints = array_of(item, "keypoints");
  const auto seen = std::count_if(joints.begin(), joints.end(), [](const Json& joint) {
    return real_of(joint, "confidence") >= kSeen;
  });
  return std::to_string(seen) + " of " + std::to_string(joints.size());
}

std::string area_cell(const Json& item) {
  return format_member("%.0f", item, "area");
}

std::string person_cell(const Json& item) {
  return text_of(item, "person");
}

std::string similarity_cell(const Json& item) {
  return format_member("%.2f", item, "similarity");
}

std::string kind_cell(const Json& item) {
  return text_of(item, "kind");
}

std::string unit_cell(const Json& item) {
  return text_of(item, "unit");
}

std::string min_cell(const Json& item) {
  return format_member("%.6g", item, "min");
}

std::string max_cell(const Json& item) {
  return format_member("%.6g", item, "max");
}

}  // namespace hailstone::cli
