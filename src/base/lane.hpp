// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who waits for whom: somebody in front of a screen before a camera or a microphone that runs on,
// and these before work that has time. Whoever wants a model says its lane (RunContext).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hailstone {

/// The more urgent first.
enum class Lane : std::uint8_t { kInteractive, kLive, kBatch };

inline constexpr std::array kLanes = {Lane::kInteractive, Lane::kLive, Lane::kBatch};

/// "interactive", "live", "batch".
constexpr std::string_view to_string(Lane lane) noexcept {
  if (lane == Lane::kLive) return "live";
  return lane == Lane::kBatch ? "batch" : "interactive";
}

/// The inverse of to_string.
constexpr std::optional<Lane> find_lane(std::string_view name) noexcept {
  for (const auto lane : kLanes) {
    if (to_string(lane) == name) return lane;
  }
  return std::nullopt;
}

/// Work in a lane.
struct LaneFigures {
  std::size_t waiting = 0;
  std::size_t running = 0;
};

/// By lane, in the order of kLanes.
using QueueFigures = std::array<LaneFigures, kLanes.size()>;

}  // namespace hailstone
