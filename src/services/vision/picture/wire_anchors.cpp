// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/wire_anchors.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace hailstone::picture {

std::vector<vision::Anchor> parse_anchors(const std::string& json, const std::string& name) {
  const auto list = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  const auto is_anchor = [](const nlohmann::json& each) {
    return each.is_array() && each.size() == 4 &&
           std::all_of(each.begin(), each.end(), [](const auto& side) { return side.is_number(); });
  };
  if (!list.is_array() || !std::all_of(list.begin(), list.end(), is_anchor)) {
    throw Error(ErrorCode::kBadRequest, "model '" + name +
                                            "': its setting anchors is no list of "
                                            "[x, y, width, height]");
  }
  std::vector<vision::Anchor> anchors;
  anchors.reserve(list.size());
  for (const auto& each : list) {
    anchors.push_back({each[0].get<double>(), each[1].get<double>(), each[2].get<double>(),
                       each[3].get<double>()});
  }
  return anchors;
}

}  // namespace hailstone::picture
