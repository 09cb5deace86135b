// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/memory/memory_budget.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace hailstone::core {
namespace {

using inference::Footprint;

constexpr Footprint mib(std::uint64_t host, std::uint64_t npu = 0) {
  return {ByteSize::mib(host), ByteSize::mib(npu)};
}

TEST(DefaultHostLimit, IsTheSmallestOfThree) {
  const auto none = std::nullopt;
  EXPECT_EQ(default_host_limit(ByteSize::gib(16), none), ByteSize::gib(12));
  EXPECT_EQ(default_host_limit(ByteSize::gib(2), none), ByteSize::gib(1)) << "1 GiB for the rest";
  EXPECT_EQ(default_host_limit(ByteSize::mib(512), none), ByteSize()) << "never negative";
  EXPECT_EQ(default_host_limit(ByteSize::gib(16), ByteSize::mib(1088)), ByteSize::gib(1));
  EXPECT_EQ(default_host_limit(ByteSize::gib(16), ByteSize::gib(100)), ByteSize::gib(12));
}

TEST(MemoryBudget, GivesUntilAPoolIsFullAndTakesBack) {
  MemoryBudget budget(mib(100, 50));
  auto first = budget.try_reserve(mib(60, 10));
  ASSERT_TRUE(first);
  EXPECT_FALSE(budget.try_reserve(mib(41))) << "the host pool is full";
  EXPECT_FALSE(budget.try_reserve(mib(1, 41))) << "the NPU pool is full";
  EXPECT_EQ(budget.free(), mib(40, 40));
  EXPECT_EQ(budget.reservations(), 1);
  first.reset();
  EXPECT_EQ(budget.used(), Footprint());
  EXPECT_EQ(budget.reservations(), 0);
}

TEST(MemoryBudget, AReservationFollowsTheMeasurementEvenOverTheLimit) {
  MemoryBudget budget(mib(100));
  auto reservation = budget.try_reserve(mib(60));
  reservation->resize(mib(130));
  EXPECT_EQ(budget.used(), mib(130));
  EXPECT_EQ(budget.free(), Footprint());
  EXPECT_FALSE(budget.try_reserve({}));
  reservation->resize(mib(30));
  EXPECT_TRUE(budget.try_reserve(mib(70)));
}

TEST(MemoryBudget, AMovedReservationIsGivenBackOnce) {
  MemoryBudget budget(mib(100));
  MemoryBudget::Reservation kept;
  {
    auto reservation = budget.try_reserve(mib(60));
    kept = std::move(*reservation);
  }
  EXPECT_EQ(budget.used(), mib(60));
  kept = MemoryBudget::Reservation();
  EXPECT_EQ(budget.used(), Footprint());
}

TEST(MemoryBudget, NeverGivesMoreThanItHasToManyThreads) {
  MemoryBudget budget(mib(10));
  std::atomic<bool> exceeded{false};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 2000; ++round) {
          const auto reservation = budget.try_reserve(mib(3));
          if (!budget.used().fits_into(budget.capacity())) exceeded = true;
        }
      });
    }
  }
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(budget.used(), Footprint());
}

}  // namespace
}  // namespace hailstone::core
