// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/duration.hpp"

#include <gtest/gtest.h>

namespace hailstone {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

TEST(Duration, ReadsGosNotation) {
  EXPECT_EQ(find_go_duration("5m"), nanoseconds(5min));
  EXPECT_EQ(find_go_duration("1h30m"), nanoseconds(90min));
  EXPECT_EQ(find_go_duration("1.5h"), nanoseconds(90min));
  EXPECT_EQ(find_go_duration(".5s"), nanoseconds(500ms));
  EXPECT_EQ(find_go_duration("1.s"), nanoseconds(1s));
  EXPECT_EQ(find_go_duration("-1m"), nanoseconds(-1min));
  EXPECT_EQ(find_go_duration("+20ms"), nanoseconds(20ms));
  EXPECT_EQ(find_go_duration("3us4ns"), nanoseconds(3004));
  EXPECT_EQ(find_go_duration("3\u00b5s"), nanoseconds(3us));
  EXPECT_EQ(find_go_duration("3\u03bcs"), nanoseconds(3us));
  EXPECT_EQ(find_go_duration("0"), 0ns);
}

TEST(Duration, RefusesWhatGoRefuses) {
  for (const char* text : {"", "-", "300", "s", "1", "1 h", "1h ", "1d", "h1", ".s", "1..5s",
                           "--1s", "1h30", "\u00b5", "nan", "1e3s"}) {
    EXPECT_EQ(find_go_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, SaturatesInsteadOfOverflowing) {
  EXPECT_EQ(find_go_duration("99999999999999999999h"), nanoseconds::max());
  EXPECT_EQ(find_go_duration("-99999999999999999999h"), -nanoseconds::max());
  EXPECT_EQ(find_go_duration("2562047h2562047h"), nanoseconds::max());
  EXPECT_EQ(find_go_duration("0.99999999999999999999999999999999s").value() / 1ms, 999);
}

TEST(Duration, PrintsWhatItReads) {
  for (const char* text :
       {"0s", "7ns", "1.5us", "20ms", "1.5s", "5m0s", "1h30m0s", "-1m0s", "1m0.000000001s"}) {
    EXPECT_EQ(to_go_duration(find_go_duration(text).value()), text);
  }
  EXPECT_EQ(to_go_duration(nanoseconds::min()), "-2562047h47m16.854775808s");
}

}  // namespace
}  // namespace hailstone
