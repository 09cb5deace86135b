// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// When something that crashed may be started again: at once after a first crash, then after growing
// pauses, so that a model that always crashes does not eat the machine.

#include <chrono>

#include "base/clock.hpp"

namespace hailstone {

/// Not thread-safe. Pauses after the nth crash in a row: 0, 1 s, 2 s, 4 s ... 60 s. A crash that
/// comes after a minute without one counts as the first again.
class Backoff {
 public:
  explicit Backoff(const Clock& clock = system_clock()) noexcept : clock_(&clock) {}

  void record_crash() noexcept;

  /// How long to wait from now; never negative.
  std::chrono::nanoseconds remaining() const noexcept;

  int crashes_in_a_row() const noexcept { return crashes_; }

 private:
  const Clock* clock_;
  int crashes_ = 0;
  SteadyTime last_crash_{};
  SteadyTime may_start_{};
};

}  // namespace hailstone
