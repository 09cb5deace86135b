// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct ManualClock final : Clock {
  SteadyTime now() const noexcept override { return time; }
  WallTime wall() const noexcept override { return {}; }
  SteadyTime time{1h};
};

TEST(Rate, CountsOnlyWhatThisRunHasMoved) {
  Rate rate;
  rate.add(500, SteadyTime(1s));
  EXPECT_EQ(rate.bytes_per_second(), 0);
  rate.add(700, SteadyTime(3s));
  EXPECT_EQ(rate.bytes_per_second(), 100);
  rate.add(0, SteadyTime(4s));  // it begins again
  rate.add(50, SteadyTime(5s));
  EXPECT_EQ(rate.bytes_per_second(), 50);
}

TEST(Step, IsALineThatFits) {
  const Step step{"pulling abc", 815'000'000, 350'000'000};
  EXPECT_EQ(format_step(step, 12'000'000, 70),
            "pulling abc   42% ▕█████████            ▏ 350 MB/815 MB  12 MB/s  39s");
  EXPECT_EQ(format_step(step, 0, 40), "pulling abc   42% ▕██   ▏ 350 MB/815 MB");
  EXPECT_EQ(format_step(step, 0, 36), "pulling abc   42%  350 MB/815 MB");
  EXPECT_EQ(format_step(step, 12'000'000, 36), "pulling abc   42%  350 MB/815 MB");
  EXPECT_EQ(format_step({"done", 0, 0}, 0, 40), "done");
  for (const int columns : {50, 60, 80, 200}) {
    EXPECT_LT(display_width(format_step(step, 1'000, columns)), columns + 1);
  }
}

TEST(ProgressView, DrawsOneLineAStepOnATerminal) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Console console{in, out, err};
  console.err_is_terminal = true;
  ManualClock clock;
  {
    ProgressView view(console, clock);
    view.show({"pulling a", 100, 10});
    view.show({"pulling a", 100, 20});  // too soon to be seen
    clock.time += 1s;
    view.show({"pulling a", 100, 30});
    view.show({"success", 0, 0});
  }
  const std::string text = err.str();
  EXPECT_THAT(text, HasSubstr("\rpulling a   10%"));
  EXPECT_EQ(text.find("20%"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("30%"));
  EXPECT_THAT(text, HasSubstr("\n\rsuccess\x1b[K\n"));
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace hailstone::cli
