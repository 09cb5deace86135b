// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/memory/eviction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

namespace hailstone::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const SteadyTime kNow{1h};

Occupant occupant(const std::string& name, std::uint64_t mib, std::chrono::nanoseconds age,
                  std::chrono::nanoseconds reload = 1s, Hold hold = Hold::kNone) {
  return {name, {ByteSize::mib(mib), {}}, hold, kNow - age, reload};
}

RoomRequest request(std::vector<Occupant> occupants, std::uint64_t capacity, std::uint64_t wanted) {
  RoomRequest out;
  out.occupants = std::move(occupants);
  out.capacity = {ByteSize::mib(capacity), {}};
  out.wanted = {ByteSize::mib(wanted), {}};
  out.now = kNow;
  return out;
}

std::vector<std::string> names(const RoomRequest& asked, const RoomPlan& plan) {
  std::vector<std::string> out;
  for (const auto index : plan.victims) out.push_back(asked.occupants[index].name);
  return out;
}

TEST(PlanRoom, EvictsNobodyWhereThereIsRoom) {
  const auto asked = request({occupant("a", 10, 1h)}, 100, 90);
  EXPECT_EQ(plan_room(asked).verdict, RoomVerdict::kFits);
  EXPECT_THAT(plan_room(asked).victims, IsEmpty());
}

TEST(PlanRoom, OfEqualsTheLeastRecentlyUsedGoes) {
  const auto asked =
      request({occupant("new", 40, 1s), occupant("old", 40, 9s), occupant("mid", 20, 5s)}, 100, 30);
  EXPECT_THAT(names(asked, plan_room(asked)), ElementsAre("old"));
}

TEST(PlanRoom, WhatIsSlowToLoadStaysLonger) {
  const auto asked =
      request({occupant("slow", 50, 100s, 30s), occupant("quick", 50, 10s, 1s)}, 100, 30);
  EXPECT_THAT(names(asked, plan_room(asked)), ElementsAre("quick"));
}

TEST(PlanRoom, NobodyGoesInVain) {
  // The stale one alone is too small; with the large one gone it could have stayed.
  const auto asked = request({occupant("stale", 10, 90s), occupant("large", 90, 50s)}, 100, 60);
  EXPECT_THAT(names(asked, plan_room(asked)), ElementsAre("large"));
}

TEST(PlanRoom, WhoIsInUseOrPinnedStays) {
  auto asked = request({occupant("used", 50, 1h, 1s, Hold::kInUse),
                        occupant("pinned", 30, 1h, 1s, Hold::kPinned), occupant("idle", 20, 0s)},
                       100, 20);
  EXPECT_THAT(names(asked, plan_room(asked)), ElementsAre("idle"));
  asked.wanted.host = ByteSize::mib(50);
  EXPECT_EQ(plan_room(asked).verdict, RoomVerdict::kLater);
  EXPECT_THAT(names(asked, plan_room(asked)), ElementsAre("used"));
  asked.wanted.host = ByteSize::mib(71);
  EXPECT_EQ(plan_room(asked).verdict, RoomVerdict::kNever) << "the pinned one leaves only 70";
  EXPECT_THAT(plan_room(asked).victims, IsEmpty());
}

TEST(PlanRoom, TheNumberOfModelsIsALimitToo) {
  auto asked = request({occupant("a", 1, 2s), occupant("b", 1, 1s)}, 100, 1);
  asked.max_models = 2;
  EXPECT_THAT(names(asked, plan_room(asked)), ElementsAre("a"));
  asked.max_models = 3;
  EXPECT_THAT(names(asked, plan_room(asked)), IsEmpty());
}

TEST(PlanRoom, OfAGroupOnlyOneIsLoadedHoweverMuchRoomThereIs) {
  auto asked = request({occupant("chat", 10, 1s), occupant("vision", 10, 9s)}, 100, 10);
  asked.occupants[0].group = "language";
  EXPECT_THAT(names(asked, plan_room(asked)), IsEmpty());
  asked.group = "language";
  EXPECT_THAT(names(asked, plan_room(asked)), ElementsAre("chat"));
  asked.occupants[0].hold = Hold::kInUse;
  EXPECT_EQ(plan_room(asked).verdict, RoomVerdict::kLater);
  asked.occupants[0].hold = Hold::kPinned;
  EXPECT_EQ(plan_room(asked).verdict, RoomVerdict::kNever);
}

TEST(EarliestSwitch, ARivalStaysAsLongAsItsLoadTookButNotForEver) {
  auto asked = request({occupant("rival", 10, 0s, 4s), occupant("other", 10, 0s, 100s)}, 100, 10);
  asked.group = asked.occupants[0].group = "language";
  asked.occupants[0].since = asked.occupants[1].since = kNow;
  EXPECT_EQ(earliest_switch(asked, 8s), kNow + 4s);
  EXPECT_EQ(earliest_switch(asked, 2s), kNow + 2s);
  asked.group.clear();
  EXPECT_EQ(earliest_switch(asked, 8s), SteadyTime::min()) << "nobody is in its way";
}

TEST(PlanRoom, TwoPoolsMustBothHaveRoom) {
  auto asked = request({occupant("host", 80, 9s), occupant("chip", 1, 1s)}, 100, 10);
  asked.capacity.npu = ByteSize::mib(100);
  asked.occupants[1].footprint.npu = ByteSize::mib(95);
  asked.wanted.npu = ByteSize::mib(10);
  EXPECT_THAT(names(asked, plan_room(asked)), ElementsAre("chip"));
}

// The brute-force model: all subsets of those that may go, the most valuable model as the highest
// bit. The smallest number that makes room is what plan_room promises.

std::vector<std::size_t> ranked_by_hand(const RoomRequest& asked, bool with_used) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < asked.occupants.size(); ++i) {
    const Hold hold = asked.occupants[i].hold;
    if (hold == Hold::kNone || (with_used && hold == Hold::kInUse)) order.push_back(i);
  }
  const auto goes_before = [&](std::size_t a, std::size_t b) {
    const auto& x = asked.occupants[a];
    const auto& y = asked.occupants[b];
    if (x.hold != y.hold) return x.hold == Hold::kNone;
    // Ages and reload times are whole seconds here: compared as fractions, without rounding.
    const auto x_age = (asked.now - x.last_used) / 1s;
    const auto y_age = (asked.now - y.last_used) / 1s;
    const auto left = x_age * (y.reload_time / 1s);
    const auto right = y_age * (x.reload_time / 1s);
    if (left != right) return left > right;
    if (x.last_used != y.last_used) return x.last_used < y.last_used;
    return x.name < y.name;
  };
  std::sort(order.begin(), order.end(), goes_before);
  return order;
}

bool has_room_without(const RoomRequest& asked, const std::vector<std::size_t>& order,
                      unsigned subset) {
  std::uint64_t host = asked.wanted.host.count();
  std::uint64_t npu = asked.wanted.npu.count();
  int models = 1;
  for (std::size_t i = 0; i < asked.occupants.size(); ++i) {
    const auto place = std::find(order.begin(), order.end(), i) - order.begin();
    if (place < static_cast<std::ptrdiff_t>(order.size()) && ((subset >> place) & 1U) != 0)
      continue;
    host += asked.occupants[i].footprint.host.count();
    npu += asked.occupants[i].footprint.npu.count();
    ++models;
  }
  if (asked.max_models > 0 && models > asked.max_models) return false;
  return host <= asked.capacity.host.count() && npu <= asked.capacity.npu.count();
}

RoomPlan plan_by_force(const RoomRequest& asked) {
  for (const bool with_used : {false, true}) {
    const auto order = ranked_by_hand(asked, with_used);
    for (unsigned subset = 0; subset < (1U << order.size()); ++subset) {
      if (!has_room_without(asked, order, subset)) continue;
      RoomPlan plan{with_used ? RoomVerdict::kLater : RoomVerdict::kFits, {}};
      for (std::size_t i = 0; i < order.size(); ++i) {
        if (((subset >> i) & 1U) != 0) plan.victims.push_back(order[i]);
      }
      return plan;
    }
  }
  return {};
}

RoomRequest random_request(std::mt19937& random) {
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  RoomRequest asked;
  asked.now = kNow;
  asked.capacity = {ByteSize::bytes(100), ByteSize::bytes(below(2) * 60)};
  asked.wanted = {ByteSize::bytes(below(120)), ByteSize::bytes(below(4) == 0 ? below(70) : 0)};
  asked.max_models = below(3) == 0 ? static_cast<int>(1 + below(6)) : 0;
  const unsigned count = below(10);
  for (unsigned i = 0; i < count; ++i) {
    Occupant one;
    one.name = "m" + std::to_string(random() % 1000) + "-" + std::to_string(i);
    one.footprint = {ByteSize::bytes(below(40)), ByteSize::bytes(below(3) == 0 ? below(30) : 0)};
    one.hold =
        std::array{Hold::kNone, Hold::kNone, Hold::kNone, Hold::kInUse, Hold::kPinned}[below(5)];
    one.last_used = kNow - std::chrono::seconds(below(12));
    one.reload_time = std::chrono::seconds(1 + below(5));
    asked.occupants.push_back(std::move(one));
  }
  return asked;
}

TEST(PlanRoom, AgreesWithBruteForceOnTenThousandRandomTables) {
  std::mt19937 random(20261125);
  std::array<int, 3> verdicts{};
  for (int table = 0; table < 10'000; ++table) {
    const RoomRequest asked = random_request(random);
    const RoomPlan plan = plan_room(asked);
    const RoomPlan expected = plan_by_force(asked);
    ASSERT_EQ(plan.verdict, expected.verdict) << "table " << table;
    ASSERT_EQ(plan.victims, expected.victims) << "table " << table;
    for (const auto victim : plan.victims) {
      const Hold hold = asked.occupants[victim].hold;
      ASSERT_NE(hold, Hold::kPinned) << "table " << table;
      ASSERT_TRUE(hold == Hold::kNone || plan.verdict == RoomVerdict::kLater) << "table " << table;
    }
    ++verdicts[static_cast<std::size_t>(plan.verdict)];
  }
  for (const int count : verdicts) EXPECT_GT(count, 500) << "the tables are not mixed enough";
}

}  // namespace
}  // namespace hailstone::core
