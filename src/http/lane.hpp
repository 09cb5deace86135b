// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who waits for whom: somebody in front of a screen before a camera or a microphone that runs on,
// and these before work that has time. A request names its lane in X-Hailstone-Lane.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hailstone::http {

/// The more urgent first.
enum class Lane : std::uint8_t { kInteractive, kLive, kBatch };

inline constexpr std::array kLanes = {Lane::kInteractive, Lane::kLive, Lane::kBatch};

/// "interactive", "live", "batch".
std::string_view to_string(Lane lane) noexcept;
std::optional<Lane> find_lane(std::string_view name) noexcept;

/// Work in a lane.
struct LaneFigures {
  std::size_t waiting = 0;
  std::size_t running = 0;
};

/// By lane, in the order of kLanes.
using QueueFigures = std::array<LaneFigures, kLanes.size()>;

/// How much work the machine can take at the moment.
enum class Pace {
  kFull,
  kLessBatch,  ///< the batch lane runs one request at a time
  kNoBatch,    ///< what waits in the batch lane goes on waiting
  kNoWork,     ///< nothing begins
};

}  // namespace hailstone::http
