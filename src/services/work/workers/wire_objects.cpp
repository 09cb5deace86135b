// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/workers/wire_objects.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "http/json_fields.hpp"

namespace hailstone::workers {
namespace {

using http::Json;

int index_of(std::vector<std::string>& labels, std::string label) {
  const auto found = std::find(labels.begin(), labels.end(), label);
  const auto index = found - labels.begin();
  if (found == labels.end()) labels.push_back(std::move(label));
  return static_cast<int>(index);
}

vision::Box parse_box(const Json& value) {
  const bool is_box =
      value.is_array() && value.size() == 4 &&
      std::all_of(value.begin(), value.end(), [](const Json& side) { return side.is_number(); });
  if (!is_box) throw Error(ErrorCode::kBadRequest, "bbox must be [x, y, width, height]");
  return {value[0].get<double>(), value[1].get<double>(), value[2].get<double>(),
          value[3].get<double>()};
}

}  // namespace

picture::ObjectResult parse_objects(std::string_view json) {
  picture::ObjectResult result;
  try {
    const Json list = http::parse_json(json);
    if (!list.is_array()) throw Error(ErrorCode::kBadRequest, "a list is expected");
    for (const Json& item : list) {
      const http::Fields fields(item);
      vision::Detection detection;
      detection.class_id = index_of(result.labels, fields.required_string("label"));
      detection.score = fields.find_double("confidence", 0, 1).value_or(1);
      detection.box = parse_box(fields.required("bbox"));
      result.detections.push_back(std::move(detection));
    }
  } catch (const Error& error) {  // the client has done nothing wrong
    throw Error(ErrorCode::kEngineFailed,
                std::string("the worker's result is no list of objects: ") + error.what());
  }
  std::stable_sort(result.detections.begin(), result.detections.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  return result;
}

}  // namespace hailstone::workers
