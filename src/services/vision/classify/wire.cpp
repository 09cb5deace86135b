// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/classify/wire.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/vision/picture/formats/wire_numbers.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::classify {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostLabels = 1000;
constexpr std::size_t kLongestLabel = 256;

std::vector<std::string> parse_labels(std::string_view text) {
  auto labels = picture::parse_names(text);
  if (labels.size() > static_cast<std::size_t>(kMostLabels)) {
    throw Error(ErrorCode::kBadRequest,
                "labels are at most 1000, got " + std::to_string(labels.size()));
  }
  for (const auto& label : labels) {
    if (label.size() <= kLongestLabel) continue;
    throw Error(ErrorCode::kBadRequest, "labels: '" + std::string(utf8_prefix(label, 32)) +
                                            "...' is longer than 256 bytes");
  }
  return labels;
}

std::string parse_pattern(std::string_view text) {
  if (text.find("{}") != std::string_view::npos && text.size() <= kLongestLabel) {
    return std::string(text);
  }
  throw Error(ErrorCode::kBadRequest,
              "template must have {} where the label goes, as in 'a photo of a {}.'");
}

}  // namespace

std::vector<std::string> task_options() {
  return {"model", "labels", "template", "max", "threshold", "confidence", "min_confidence"};
}

Task parse_task(const picture::PictureRequest& request) {
  Task task;
  if (const auto labels = request.find_field("labels")) task.labels = parse_labels(*labels);
  if (const auto pattern = request.find_field("template")) task.pattern = parse_pattern(*pattern);
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
