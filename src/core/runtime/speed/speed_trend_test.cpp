// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/speed/speed_trend.hpp"

#include <gtest/gtest.h>

namespace hailstone::core {
namespace {

using namespace std::chrono_literals;

/// A period of so many runs.
void work(SpeedTrend& trend, SteadyTime& now, std::chrono::nanoseconds run, std::size_t runs = 60) {
  for (std::size_t i = 0; i < runs; ++i) trend.note(now, run + i * 1ms);
  now += SpeedTrend::kPeriod;
}

TEST(SpeedTrend, SaysNothingBeforeAPeriodIsWhole) {
  SpeedTrend trend;
  SteadyTime now{24h};
  EXPECT_FALSE(trend.figures(now));
  work(trend, now, 8ms);
  EXPECT_FALSE(trend.figures(now));
  work(trend, now, 8ms);
  ASSERT_TRUE(trend.figures(now));
  EXPECT_EQ(trend.figures(now)->now, 8ms) << "the fastest run counts, not what had to wait";
  EXPECT_FALSE(trend.figures(now)->has_slowed);
}

TEST(SpeedTrend, NoticesAFallOverHours) {
  SpeedTrend trend;
  SteadyTime now{24h};
  for (const auto run : {8ms, 8ms, 9ms, 10ms, 11ms}) work(trend, now, run);
  EXPECT_FALSE(trend.figures(now)->has_slowed);
  for (const auto run : {12ms, 13ms, 13ms}) work(trend, now, run);
  EXPECT_TRUE(trend.figures(now)->has_slowed);
  EXPECT_EQ(trend.figures(now)->best, 8ms);
  for (const auto run : {8ms, 8ms}) work(trend, now, run);
  EXPECT_FALSE(trend.figures(now)->has_slowed) << "it is well again";
}

TEST(SpeedTrend, AFewRunsTellNothingAndOldOnesAreForgotten) {
  SpeedTrend trend;
  SteadyTime now{24h};
  work(trend, now, 8ms);
  work(trend, now, 80ms, SpeedTrend::kFewestRuns - 1);
  work(trend, now, 8ms);
  EXPECT_EQ(trend.figures(now)->now, 8ms);
  EXPECT_FALSE(trend.figures(now + 2h));
}

}  // namespace
}  // namespace hailstone::core
