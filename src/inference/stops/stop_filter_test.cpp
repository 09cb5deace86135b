// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/stops/stop_filter.hpp"

#include <gtest/gtest.h>

namespace hailstone::inference {
namespace {

TEST(StopFilter, HoldsBackWhatMayBeTheBeginningOfAStop) {
  const std::vector<std::string> stops = {"END", "xx"};
  StopFilter filter(stops);
  EXPECT_EQ(filter.push("some E"), "some ");
  EXPECT_EQ(filter.push("gg x"), "Egg ");
  EXPECT_EQ(filter.push("y EN"), "xy ");
  EXPECT_EQ(filter.push("D more"), "");
  EXPECT_TRUE(filter.has_stopped());
  EXPECT_EQ(filter.push("even more"), "");
  EXPECT_EQ(filter.finish(), "");
}

TEST(StopFilter, GivesBackWhatWaitedAtTheEnd) {
  const std::vector<std::string> stops = {"END", ""};
  StopFilter filter(stops);
  EXPECT_EQ(filter.push("the EN"), "the ");
  EXPECT_EQ(filter.finish(), "EN");
  EXPECT_FALSE(filter.has_stopped());
}

}  // namespace
}  // namespace hailstone::inference
