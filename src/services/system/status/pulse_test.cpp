// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/system/status/pulse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace hailstone::status {
namespace {

using namespace std::chrono_literals;

template <typename Predicate>
bool eventually(Predicate&& predicate) {
  for (int i = 0; i < 5000; ++i) {
    if (predicate()) return true;
    std::this_thread::sleep_for(2ms);
  }
  return false;
}

TEST(Pulse, IsWellWhileAllAnswer) {
  std::atomic<int> beats{0};
  const Pulse pulse({{"the heart", [&] { ++beats; }}}, {1ms, 10s});
  EXPECT_TRUE(eventually([&] { return beats > 3; }));
  EXPECT_EQ(pulse.fault(), "");
}

TEST(Pulse, NamesWhatHangsAndRecovers) {
  std::latch go_on(1);
  const Pulse pulse({{"the heart", [] {}}, {"the liver", [&] { go_on.wait(); }}}, {1ms, 20ms});
  EXPECT_TRUE(eventually([&] { return !pulse.fault().empty(); }));
  EXPECT_THAT(pulse.fault(), testing::StartsWith("the liver has not answered for "));
  go_on.count_down();
  EXPECT_TRUE(eventually([&] { return pulse.fault().empty(); }));
}

}  // namespace
}  // namespace hailstone::status
