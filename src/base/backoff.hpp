// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How soon something that keeps crashing may be started again.

#include <chrono>

#include "base/clock.hpp"

namespace hailstone {

struct BackoffPolicy {
  std::chrono::nanoseconds first = std::chrono::seconds(1);
  std::chrono::nanoseconds longest = std::chrono::seconds(60);
  /// Whoever ran for this long before it crashed was healthy: its earlier crashes are forgotten.
  std::chrono::nanoseconds healthy_after = std::chrono::seconds(60);
};

/// The first restart is free; after that the wait doubles with each crash in a row. Not
/// thread-safe. The clock outlives it.
class Backoff {
 public:
  explicit Backoff(const Clock& clock = system_clock(), BackoffPolicy policy = {}) noexcept
      : clock_(&clock), policy_(policy) {}

  void note_start() noexcept;
  /// Also for a start that fails.
  void note_crash() noexcept;

  /// How long until it may be started; zero: now.
  std::chrono::nanoseconds wait() const noexcept;
  /// In a row, without a time of health between them.
  int crashes() const noexcept;

 private:
  bool was_healthy() const noexcept;

  const Clock* clock_;
  BackoffPolicy policy_;
  int crashes_ = 0;
  bool running_ = false;
  SteadyTime started_{};
  SteadyTime next_start_{};
};

}  // namespace hailstone
