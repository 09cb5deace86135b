// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/stall/judge.hpp"

#include <gtest/gtest.h>

namespace hailstone::engines::llama {
namespace {

using namespace std::chrono_literals;

/// A server under a judge that looks every two seconds.
class Looks {
 public:
  /// Gives the seconds after which it was found stuck; nothing if it was not within an hour.
  /// step: what happens to the server between two looks.
  template <typename Step>
  std::optional<int> seconds_until_stuck(Step step) {
    for (int seconds = 2; seconds <= 3600; seconds += 2) {
      look_.elapsed = 2s;
      step(look_);
      if ((verdict = judge_.look(look_))) return seconds;
    }
    return std::nullopt;
  }
  std::optional<std::string> verdict;

 private:
  StallJudge judge_{{.idle = 20s, .silent = 300s, .unasked = 30s}};
  StallLook look_{{}, /*is_awaited=*/true, 1, {}};
};

TEST(StallJudge, AServerThatDoesNothingIsStuckSoon) {
  Looks looks;
  // Next to nothing is what its open connections take.
  const auto seconds =
      looks.seconds_until_stuck([](StallLook& look) { look.activity.cpu_time += 200us; });
  EXPECT_EQ(seconds, 22);  // the request itself was the last sign
  EXPECT_EQ(looks.verdict, "it did nothing for 20s");
}

TEST(StallJudge, AServerThatOnlyComputesIsStuckInTheEnd) {
  Looks looks;
  const auto seconds =
      looks.seconds_until_stuck([](StallLook& look) { look.activity.cpu_time += 7s; });
  EXPECT_EQ(seconds, 302);
  EXPECT_EQ(looks.verdict, "it computed for 5m0s and said nothing");
}

TEST(StallJudge, ASlowOneThatTellsOfItsWorkIsNot) {
  EXPECT_FALSE(Looks().seconds_until_stuck([n = 0](StallLook& look) mutable {
    look.activity.cpu_time += 50ms;  // a crowded machine
    if (++n % 100 == 0) ++look.signs;
  }));
}

TEST(StallJudge, NorIsOneThatWaitsForItsModelFromASlowDisk) {
  EXPECT_FALSE(Looks().seconds_until_stuck([n = 0](StallLook& look) mutable {
    ++look.activity.major_faults;
    if (++n % 100 == 0) ++look.signs;
  }));
}

TEST(StallJudge, NorOneForWhichNobodyWaits) {
  EXPECT_FALSE(Looks().seconds_until_stuck([](StallLook& look) { look.is_awaited = false; }));
}

TEST(StallJudge, ButOneThatComputesForNobodyIsStuckSoon) {
  Looks looks;
  const auto seconds = looks.seconds_until_stuck([n = 0](StallLook& look) mutable {
    look.is_awaited = look.is_asked = ++n < 100;
    ++look.signs;
    look.activity.cpu_time += 1s;
  });
  EXPECT_EQ(seconds, 198 + 30);
  EXPECT_EQ(looks.verdict, "it computed for 30s for nobody");
}

TEST(StallJudge, ARequestWhoseReaderIsSlowIsNobodysFault) {
  EXPECT_FALSE(Looks().seconds_until_stuck([](StallLook& look) {
    look.is_awaited = false;
    look.activity.cpu_time += 1s;
  }));
}

TEST(StallJudge, TimeInWhichTheMachineStoodStillDoesNotCount) {
  EXPECT_FALSE(Looks().seconds_until_stuck([n = 0](StallLook& look) mutable {
    if (++n % 4 != 0) return;
    look.elapsed = 1h;
    ++look.signs;
  }));
  StallJudge judge({.idle = 20s, .silent = 300s});
  EXPECT_FALSE(judge.look({2s, true, 1, {}}));
  EXPECT_FALSE(judge.look({1h, true, 1, {}}));
}

}  // namespace
}  // namespace hailstone::engines::llama
