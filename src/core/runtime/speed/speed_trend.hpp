// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a network has become slower over hours: chips have been seen to do that until the machine
// was started anew. A value; not thread-safe.

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

#include "base/clock.hpp"

namespace hailstone::core {

class SpeedTrend {
 public:
  static constexpr std::chrono::minutes kPeriod{10};
  static constexpr std::size_t kFewestRuns = 50;  ///< a period with fewer tells nothing
  static constexpr double kSlow = 1.5;            ///< times the best period

  struct Figures {
    std::chrono::nanoseconds now{};   ///< the fastest run of the last whole period
    std::chrono::nanoseconds best{};  ///< the same of the best period of the last hours
    bool has_slowed = false;
  };

  /// True where a whole period has ended with it: figures() tells something new.
  bool note(SteadyTime now, std::chrono::nanoseconds run);
  /// Nothing before there was a whole period, and when the last one was long ago.
  std::optional<Figures> figures(SteadyTime now) const;

 private:
  struct Period {
    SteadyTime begin{};
    std::size_t runs = 0;
    /// Of all runs the one that nothing kept waiting: load does not make that slower.
    std::chrono::nanoseconds fastest = std::chrono::nanoseconds::max();
  };

  Period current_;
  std::deque<Period> whole_;  // the oldest first
};

}  // namespace hailstone::core
