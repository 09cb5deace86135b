// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Time is injected: whoever waits or expires takes a Clock, so that tests need no sleep.

#include <chrono>
#include <string>

namespace hailstone {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual SteadyTime now() const noexcept = 0;
  virtual WallTime wall() const noexcept = 0;
};

/// The machine's clocks. One object for the whole program.
const Clock& system_clock() noexcept;

/// RFC 3339 in UTC with nanoseconds: "2026-11-23T09:00:00.100000000Z".
std::string to_rfc3339(WallTime time);

}  // namespace hailstone
