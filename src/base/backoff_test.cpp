// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/backoff.hpp"

#include <gtest/gtest.h>

namespace hailstone {
namespace {

using std::chrono::seconds;

class ManualClock final : public Clock {
 public:
  SteadyTime now() const noexcept override { return now_; }
  WallTime wall() const noexcept override { return {}; }
  void advance(seconds by) { now_ += by; }

 private:
  SteadyTime now_{seconds(1000)};
};

TEST(Backoff, PausesGrowAndEndAtAMinute) {
  ManualClock clock;
  Backoff backoff(clock);
  EXPECT_EQ(backoff.remaining(), seconds(0));
  for (const int pause : {0, 1, 2, 4, 8, 16, 32, 60, 60}) {
    backoff.record_crash();
    EXPECT_EQ(backoff.remaining(), seconds(pause));
    clock.advance(seconds(pause));
    EXPECT_EQ(backoff.remaining(), seconds(0));
  }
}

TEST(Backoff, AMinuteOfHealthForgivesEverything) {
  ManualClock clock;
  Backoff backoff(clock);
  for (int i = 0; i < 5; ++i) backoff.record_crash();
  clock.advance(seconds(8 + 61));
  backoff.record_crash();
  EXPECT_EQ(backoff.crashes_in_a_row(), 1);
  EXPECT_EQ(backoff.remaining(), seconds(0));
}

}  // namespace
}  // namespace hailstone
