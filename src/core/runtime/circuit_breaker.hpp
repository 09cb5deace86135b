// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What keeps a model that crashes again and again from being started for ever: after some crashes
// in a row it is faulted, and after a wait one trial decides whether it is well again.

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace hailstone::core {

struct BreakerPolicy {
  int crashes = 3;  ///< in a row, within the window: faulted
  std::chrono::nanoseconds window = std::chrono::minutes(5);
  /// Before a restart that is not the first one. The first is free: accidents happen.
  std::chrono::nanoseconds pause = std::chrono::seconds(1);
  /// Before the trial of a faulted model; doubles with each trial that fails.
  std::chrono::nanoseconds fault_wait = std::chrono::seconds(30);
  std::chrono::nanoseconds longest_wait = std::chrono::minutes(10);
};

/// Not thread-safe. The clock outlives it.
class CircuitBreaker {
 public:
  explicit CircuitBreaker(const Clock& clock, BreakerPolicy policy = {})
      : clock_(&clock), policy_(policy) {}

  /// Also for a load that dies. reason: for people.
  void note_crash(const std::string& reason);
  /// A request has ended with the model alive: all is forgotten.
  void note_success() noexcept;

  /// Stays so during the trial, until that ends well.
  bool is_faulted() const noexcept { return faulted_; }
  /// How long until it may be started; zero: now. For a faulted model that is the trial.
  std::chrono::nanoseconds wait() const noexcept;
  /// In a row and not forgotten yet.
  int crashes() const noexcept { return static_cast<int>(times_.size()); }
  const std::string& reason() const noexcept { return reason_; }

 private:
  const Clock* clock_;
  BreakerPolicy policy_;
  std::vector<SteadyTime> times_;
  std::string reason_;
  bool faulted_ = false;
  std::chrono::nanoseconds fault_wait_{};
  SteadyTime next_start_{};
};

}  // namespace hailstone::core
