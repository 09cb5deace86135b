// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/resource_pool.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/error.hpp"

namespace hailstone {
namespace {

TEST(ResourcePool, MakesOnlyAsManyAsAreNeededAtOnce) {
  int made = 0;
  ResourcePool<int> pool(2, [&made] { return std::make_unique<int>(++made); });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*pool.acquire({}), 1);
  const auto first = pool.acquire({});
  EXPECT_EQ(*pool.acquire({}), 2);
  EXPECT_EQ(made, 2);
}

TEST(ResourcePool, WaitsForWhatIsInUseAsLongAsTheRunMay) {
  ResourcePool<int> pool(1, [] { return std::make_unique<int>(7); });
  auto held = std::make_unique<ResourcePool<int>::Lease>(pool.acquire({}));
  EXPECT_THROW(pool.acquire({Deadline::in(std::chrono::milliseconds(1)), {}}), Error);
  std::jthread other([&] { EXPECT_EQ(*pool.acquire({}), 7); });
  held.reset();
}

TEST(ResourcePool, AFailureToMakeOneTakesNoPlace) {
  int calls = 0;
  ResourcePool<int> pool(1, [&calls] {
    if (++calls == 1) throw Error(ErrorCode::kOutOfMemory, "none left");
    return std::make_unique<int>(calls);
  });
  EXPECT_THROW(pool.acquire({}), Error);
  EXPECT_EQ(*pool.acquire({Deadline::in(std::chrono::seconds(10)), {}}), 2);
}

}  // namespace
}  // namespace hailstone
