// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/lane_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace hailstone::http {
namespace {

class Nothing final : public Job {
 public:
  void run() noexcept override {}
};

/// Puts jobs in and writes down which lane gets each turn: "iilb".
struct Turns {
  explicit Turns(WorkLimits limits, std::size_t max_waiting = 100) : queue(limits, max_waiting) {}

  std::shared_ptr<Job> push(Lane lane) {
    auto job = std::make_shared<Nothing>();
    return queue.push(job, lane) ? job : nullptr;
  }
  void push(Lane lane, int count) {
    for (int i = 0; i < count; ++i) EXPECT_TRUE(push(lane));
  }
  /// Each ends before the next one begins.
  std::string run_all() {
    std::string order;
    while (const auto entry = queue.next()) {
      order += to_string(entry->lane)[0];
      queue.end(entry->lane);
    }
    return order;
  }
  /// As many as may run at once.
  std::string begin_all() {
    std::string order;
    while (const auto entry = queue.next()) order += to_string(entry->lane)[0];
    return order;
  }

  LaneQueue queue;
};

TEST(Lanes, HaveNamesThatCanBeFound) {
  for (const auto lane : kLanes) EXPECT_EQ(find_lane(to_string(lane)), lane);
  EXPECT_EQ(find_lane("Batch"), std::nullopt);
  EXPECT_EQ(find_lane(""), std::nullopt);
}

TEST(LaneQueue, TheMoreUrgentLaneGoesFirst) {
  Turns turns({0, 0});
  turns.push(Lane::kBatch, 2);
  turns.push(Lane::kLive, 2);
  turns.push(Lane::kInteractive, 2);
  turns.queue.set_limits({1, 1});
  EXPECT_EQ(turns.run_all(), "iillbb");
}

TEST(LaneQueue, KeepsTheOrderWithinALane) {
  Turns turns({0, 0});
  std::vector<std::shared_ptr<Job>> jobs;
  for (int i = 0; i < 20; ++i) jobs.push_back(turns.push(Lane::kLive));
  turns.queue.set_limits({1, 1});
  for (const auto& job : jobs) {
    const auto entry = turns.queue.next();
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->job, job);
    turns.queue.end(entry->lane);
  }
}

TEST(LaneQueue, NoLaneStarves) {
  Turns turns({0, 0}, 1000);
  turns.push(Lane::kBatch, 2);
  turns.push(Lane::kLive, 2);
  turns.push(Lane::kInteractive, 40);
  turns.queue.set_limits({1, 1});
  const auto order = turns.run_all();
  // Eight others, and the one beside that has waited as long.
  for (const char lane : {'l', 'b'}) {
    const auto first = order.find(lane);
    EXPECT_LE(first, 9U) << order;
    EXPECT_LE(order.find(lane, first + 1) - first, 10U) << order;
  }
}

TEST(LaneQueue, BatchHoldsOnlyItsShare) {
  Turns turns({5, 2});
  turns.push(Lane::kBatch, 4);
  EXPECT_EQ(turns.begin_all(), "bb");
  turns.push(Lane::kInteractive, 9);
  EXPECT_EQ(turns.begin_all(), "iii");
  const auto figures = turns.queue.figures();
  EXPECT_EQ(figures[0].running, 3U);
  EXPECT_EQ(figures[0].waiting, 6U);
  EXPECT_EQ(figures[2].running, 2U);
  EXPECT_EQ(figures[2].waiting, 2U);
  turns.queue.end(Lane::kBatch);
  EXPECT_EQ(turns.begin_all(), "i");
}

TEST(LaneQueue, APausedBatchLaneLetsTheOthersPassAndGoesOnLater) {
  Turns turns({2, 0});
  turns.push(Lane::kBatch, 3);
  EXPECT_EQ(turns.begin_all(), "");
  turns.push(Lane::kInteractive, 30);
  turns.push(Lane::kLive, 1);
  EXPECT_EQ(turns.run_all().find('b'), std::string::npos);
  turns.queue.set_limits({2, 1});
  EXPECT_EQ(turns.run_all(), "bbb");
}

TEST(LaneQueue, TellsThePlaceInTheQueue) {
  Turns turns({1, 1});
  EXPECT_EQ(turns.push(Lane::kBatch)->queue_position, 0U);
  EXPECT_EQ(turns.begin_all(), "b");
  EXPECT_EQ(turns.push(Lane::kBatch)->queue_position, 1U);
  EXPECT_EQ(turns.push(Lane::kBatch)->queue_position, 2U);
  EXPECT_EQ(turns.push(Lane::kInteractive)->queue_position, 1U);
  EXPECT_EQ(turns.push(Lane::kLive)->queue_position, 2U);
  EXPECT_EQ(turns.push(Lane::kBatch)->queue_position, 5U);
}

TEST(LaneQueue, IsFullWhenTooManyStandBeforeARequest) {
  Turns turns({1, 1}, 2);
  turns.push(Lane::kBatch, 1);
  EXPECT_EQ(turns.begin_all(), "b");
  turns.push(Lane::kBatch, 2);
  EXPECT_FALSE(turns.push(Lane::kBatch));
  // Batch work that waits does not keep out what is more urgent.
  turns.push(Lane::kInteractive, 2);
  EXPECT_FALSE(turns.push(Lane::kInteractive));
  EXPECT_FALSE(turns.push(Lane::kLive));
}

TEST(LaneQueue, ABoundOfZeroStillTakesWhatBeginsAtOnce) {
  Turns turns({1, 1}, 0);
  EXPECT_TRUE(turns.push(Lane::kInteractive));
  EXPECT_EQ(turns.begin_all(), "i");
  EXPECT_FALSE(turns.push(Lane::kInteractive));
}

TEST(LaneQueue, ForgetsWhatIsTakenBack) {
  Turns turns({0, 0});
  const auto job = turns.push(Lane::kLive);
  EXPECT_EQ(turns.queue.remove(job.get()), job);
  EXPECT_EQ(turns.queue.remove(job.get()), nullptr);
  EXPECT_EQ(turns.queue.figures()[1].waiting, 0U);
}

TEST(LaneQueue, NeverRunsMoreThanItsLimitsWhateverComes) {
  std::mt19937 random(1);
  const auto below = [&random](int bound) { return static_cast<int>(random() % bound); };
  for (int round = 0; round < 200; ++round) {
    Turns turns({4, 2}, 10);
    std::array<int, 3> running{};
    for (int step = 0; step < 200; ++step) {
      const auto lane = kLanes[static_cast<std::size_t>(below(3))];
      const auto index = static_cast<std::size_t>(lane);
      if (below(2) == 0) {
        turns.push(lane);
      } else if (running[index] > 0) {
        turns.queue.end(lane);
        --running[index];
      }
      while (const auto entry = turns.queue.next()) {
        ++running[static_cast<std::size_t>(entry->lane)];
      }
      ASSERT_LE(running[0] + running[1] + running[2], 4);
      ASSERT_LE(running[2], 2);
      // Nothing that may run is left waiting.
      const auto figures = turns.queue.figures();
      const bool has_place = running[0] + running[1] + running[2] < 4;
      ASSERT_TRUE(!has_place || figures[0].waiting + figures[1].waiting == 0);
      ASSERT_TRUE(!has_place || running[2] >= 2 || figures[2].waiting == 0);
    }
  }
}

}  // namespace
}  // namespace hailstone::http
