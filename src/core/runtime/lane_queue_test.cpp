// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/lane_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <random>
#include <string>

namespace hailstone::core {
namespace {

/// Puts tickets in and writes down which lane gets each slot: "iilb".
struct Turns {
  Ticket& push(Lane lane) {
    Ticket& ticket = tickets.emplace_back();
    ticket.lane = lane;
    queue.push(ticket);
    return ticket;
  }
  void push(Lane lane, int count) {
    for (int i = 0; i < count; ++i) push(lane);
  }
  /// Each ends before the next one begins.
  std::string run_all(SlotLimits limits) {
    std::string order;
    while (const Ticket* ticket = queue.grant(limits)) {
      order += to_string(ticket->lane)[0];
      queue.end(ticket->lane);
    }
    return order;
  }
  /// As many as may run at once.
  std::string begin_all(SlotLimits limits) {
    std::string order;
    while (const Ticket* ticket = queue.grant(limits)) order += to_string(ticket->lane)[0];
    return order;
  }

  LaneQueue queue;
  std::list<Ticket> tickets;
};

TEST(Lanes, HaveNamesThatCanBeFound) {
  for (const auto lane : kLanes) EXPECT_EQ(find_lane(to_string(lane)), lane);
  EXPECT_EQ(find_lane("Batch"), std::nullopt);
  EXPECT_EQ(find_lane(""), std::nullopt);
}

TEST(LaneQueue, TheMoreUrgentLaneGoesFirst) {
  Turns turns;
  turns.push(Lane::kBatch, 2);
  turns.push(Lane::kLive, 2);
  turns.push(Lane::kInteractive, 2);
  EXPECT_EQ(turns.run_all({1, 1}), "iillbb");
}

TEST(LaneQueue, KeepsTheOrderWithinALane) {
  Turns turns;
  turns.push(Lane::kLive, 20);
  for (const auto& ticket : turns.tickets) {
    EXPECT_EQ(turns.queue.grant({1, 1}), &ticket);
    EXPECT_TRUE(ticket.has_slot);
    EXPECT_EQ(turns.queue.grant({1, 1}), nullptr);
    turns.queue.end(Lane::kLive);
  }
}

TEST(LaneQueue, NoLaneStarves) {
  Turns turns;
  turns.push(Lane::kBatch, 2);
  turns.push(Lane::kLive, 2);
  turns.push(Lane::kInteractive, 40);
  const auto order = turns.run_all({1, 1});
  // Eight others, and the one beside that has waited as long.
  for (const char lane : {'l', 'b'}) {
    const auto first = order.find(lane);
    EXPECT_LE(first, 9U) << order;
    EXPECT_LE(order.find(lane, first + 1) - first, 10U) << order;
  }
}

TEST(LaneQueue, BatchHoldsOnlyItsShare) {
  Turns turns;
  turns.push(Lane::kBatch, 4);
  EXPECT_EQ(turns.begin_all({5, 2}), "bb");
  turns.push(Lane::kInteractive, 9);
  EXPECT_EQ(turns.begin_all({5, 2}), "iii");
  const auto figures = turns.queue.figures();
  EXPECT_EQ(figures[0].running, 3U);
  EXPECT_EQ(figures[0].waiting, 6U);
  EXPECT_EQ(figures[2].running, 2U);
  EXPECT_EQ(figures[2].waiting, 2U);
  turns.queue.end(Lane::kBatch);
  EXPECT_EQ(turns.begin_all({5, 2}), "i");
}

TEST(LaneQueue, APausedBatchLaneLetsTheOthersPassAndGoesOnLater) {
  Turns turns;
  turns.push(Lane::kBatch, 3);
  EXPECT_EQ(turns.begin_all({2, 0}), "");
  turns.push(Lane::kInteractive, 30);
  turns.push(Lane::kLive, 1);
  EXPECT_EQ(turns.run_all({2, 0}).find('b'), std::string::npos);
  EXPECT_EQ(turns.run_all({2, 1}), "bbb");
}

TEST(LaneQueue, TellsThePlaceInTheQueue) {
  Turns turns;
  turns.push(Lane::kBatch, 2);
  EXPECT_EQ(turns.queue.place_of_next(Lane::kBatch), 3U);
  EXPECT_EQ(turns.queue.place_of_next(Lane::kInteractive), 1U);
  turns.push(Lane::kInteractive, 1);
  EXPECT_EQ(turns.queue.place_of_next(Lane::kLive), 2U);
  EXPECT_EQ(turns.queue.place_of_next(Lane::kBatch), 4U);
}

TEST(LaneQueue, ForgetsWhoLeaves) {
  Turns turns;
  const Ticket& waits = turns.push(Lane::kLive);
  turns.queue.leave(waits);
  EXPECT_TRUE(turns.queue.is_unused());
  const Ticket& runs = turns.push(Lane::kLive);
  turns.queue.grant({1, 1});
  EXPECT_EQ(turns.queue.running(), 1);
  turns.queue.leave(runs);
  EXPECT_TRUE(turns.queue.is_unused());
}

TEST(LaneQueue, NeverGivesMoreThanItsLimitsWhateverComes) {
  std::mt19937 random(1);
  const auto below = [&random](int bound) { return static_cast<int>(random() % bound); };
  for (int round = 0; round < 200; ++round) {
    Turns turns;
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
      while (const Ticket* ticket = turns.queue.grant({4, 2})) {
        ++running[static_cast<std::size_t>(ticket->lane)];
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
}  // namespace hailstone::core
