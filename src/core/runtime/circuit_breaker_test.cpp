// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace hailstone::core {
namespace {

using test_support::ManualClock;
using namespace std::chrono_literals;

class CircuitBreakerTest : public testing::Test {
 protected:
  void crash(int times) {
    for (int i = 0; i < times; ++i) breaker_.note_crash("killed");
  }

  ManualClock clock_;
  CircuitBreaker breaker_{clock_};
};

TEST_F(CircuitBreakerTest, TheFirstRestartIsFreeTheSecondPauses) {
  EXPECT_EQ(breaker_.wait(), 0s);
  crash(1);
  EXPECT_EQ(breaker_.wait(), 0s);
  crash(1);
  EXPECT_EQ(breaker_.wait(), 1s);
  EXPECT_FALSE(breaker_.is_faulted());
}

TEST_F(CircuitBreakerTest, ThreeCrashesInARowMakeAFault) {
  crash(3);
  EXPECT_TRUE(breaker_.is_faulted());
  EXPECT_EQ(breaker_.wait(), 30s);
  EXPECT_EQ(breaker_.reason(), "killed");
  clock_.advance(30s);
  EXPECT_EQ(breaker_.wait(), 0s) << "time for a trial";
  EXPECT_TRUE(breaker_.is_faulted()) << "until the trial ends well";
}

TEST_F(CircuitBreakerTest, ATrialThatFailsDoublesTheWaitUpToALimit) {
  crash(3);
  for (const auto expected : {60s, 120s, 240s, 480s, 600s, 600s}) {
    clock_.advance(breaker_.wait());
    crash(1);
    EXPECT_EQ(breaker_.wait(), expected);
  }
}

TEST_F(CircuitBreakerTest, ATrialThatEndsWellForgetsEverything) {
  crash(3);
  clock_.advance(30s);
  breaker_.note_success();
  EXPECT_FALSE(breaker_.is_faulted());
  EXPECT_EQ(breaker_.crashes(), 0);
  crash(1);
  EXPECT_EQ(breaker_.wait(), 0s);
}

TEST_F(CircuitBreakerTest, CrashesLongAgoDoNotCount) {
  crash(2);
  clock_.advance(6min);
  crash(2);
  EXPECT_FALSE(breaker_.is_faulted());
  crash(1);
  EXPECT_TRUE(breaker_.is_faulted());
}

}  // namespace
}  // namespace hailstone::core
