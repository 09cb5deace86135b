// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/classify/wire.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "services/picture/upload/text_fields.hpp"
#include "services/picture/wire_numbers.hpp"

namespace hailstone::classify {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostLabels = 1000;

}  // namespace

Task parse_task(const picture::PictureRequest& request) {
  Task task;
  if (request.find_field("labels")) {
    throw Error(
        ErrorCode::kUnsupported,
        "labels of one's own need a model that compares pictures with texts, and none can be "
        "run yet",
        "leave labels away: a classifier answers with the labels that it was trained with");
  }
  if (const auto model = request.find_field("model")) task.model = *model;
  if (const auto max = request.find_field("max")) {
    task.max = picture::parse_integer("max", *max, 1, kMostLabels);
  }
  for (const auto* name : {"min_confidence", "confidence", "threshold"}) {
    if (const auto text = request.find_field(name)) {
      task.threshold = picture::parse_number(name, *text, 0, 1);
    }
  }
  return task;
}

std::string write_plain(const Result& result) {
  Json out = Json::array();
  for (const auto& label : result.labels) {
    out.push_back({{"label", label.name}, {"confidence", picture::to_score(label.confidence)}});
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hailstone::classify
