// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/lane.hpp"

#include <algorithm>

namespace hailstone::http {

std::string_view to_string(Lane lane) noexcept {
  switch (lane) {
    case Lane::kLive:
      return "live";
    case Lane::kBatch:
      return "batch";
    default:
      return "interactive";
  }
}

std::optional<Lane> find_lane(std::string_view name) noexcept {
  const auto* found = std::find_if(kLanes.begin(), kLanes.end(),
                                   [name](Lane lane) { return to_string(lane) == name; });
  if (found == kLanes.end()) return std::nullopt;
  return *found;
}

}  // namespace hailstone::http
