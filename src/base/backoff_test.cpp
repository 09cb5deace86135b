// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/backoff.hpp"

#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace hailstone {
namespace {

using test_support::ManualClock;
using namespace std::chrono_literals;

TEST(Backoff, TheFirstRestartIsFreeAndTheFollowingOnesWaitTwiceAsLongEach) {
  ManualClock clock;
  Backoff backoff(clock);
  EXPECT_EQ(backoff.wait(), 0s);
  for (const auto expected : {0s, 1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    backoff.note_start();
    backoff.note_crash();
    EXPECT_EQ(backoff.wait(), expected);
    clock.advance(expected);
    EXPECT_EQ(backoff.wait(), 0s);
  }
  EXPECT_EQ(backoff.crashes(), 9);
}

TEST(Backoff, AHealthyTimeForgivesEverything) {
  ManualClock clock;
  Backoff backoff(clock);
  for (int i = 0; i < 5; ++i) {
    backoff.note_start();
    backoff.note_crash();
  }
  clock.advance(1min);
  backoff.note_start();
  clock.advance(59s);
  EXPECT_EQ(backoff.crashes(), 5);
  clock.advance(1s);
  EXPECT_EQ(backoff.crashes(), 0);
  backoff.note_crash();
  EXPECT_EQ(backoff.crashes(), 1);
  EXPECT_EQ(backoff.wait(), 0s);
}

TEST(Backoff, ManyCrashesDoNotOverflow) {
  ManualClock clock;
  Backoff backoff(clock);
  for (int i = 0; i < 10'000; ++i) backoff.note_crash();
  EXPECT_EQ(backoff.wait(), 60s);
}

}  // namespace
}  // namespace hailstone
