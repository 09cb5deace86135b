// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace hailstone::test_support {

/// Stands still until the test moves it. One thread.
class ManualClock final : public Clock {
 public:
  SteadyTime now() const noexcept override { return SteadyTime(std::chrono::hours(1)) + elapsed_; }
  WallTime wall() const noexcept override { return WallTime(elapsed_); }
  void advance(std::chrono::nanoseconds by) { elapsed_ += by; }

 private:
  std::chrono::nanoseconds elapsed_{0};
};

}  // namespace hailstone::test_support
