// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/memory/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::core {
namespace {

RoomRequest request_for(ByteSize wanted) {
  RoomRequest request;
  request.capacity = {ByteSize::mib(100), {}};
  request.wanted = {wanted, {}};
  request.occupants = {{"used", {ByteSize::mib(30), {}}, Hold::kInUse, {}, {}}};
  return request;
}

TEST(Refusal, OfWhatWouldFitSaysThatOthersWereBeforeIt) {
  const auto request = request_for(ByteSize::mib(20));
  const RoomPlan plan = plan_room(request);
  ASSERT_EQ(plan.verdict, RoomVerdict::kFits);
  const Error error = refuse_room("late", request, plan.verdict);
  EXPECT_STREQ(error.what(),
               "model 'late' does not fit into memory now: it needs 20.0 MiB of host memory, and "
               "70.0 MiB of 100.0 MiB are free; but other loads were before it");
  EXPECT_TRUE(error.retry_after());
}

TEST(Refusal, OfWhatDoesNotFitSaysNothingOfATurn) {
  const auto request = request_for(ByteSize::mib(80));
  const Error error = refuse_room("large", request, plan_room(request).verdict);
  EXPECT_THAT(error.what(), ::testing::EndsWith("70.0 MiB of 100.0 MiB are free"));
}

TEST(Refusal, SaysToComeBackWhenTheLoadCouldBeDone) {
  auto request = request_for(ByteSize::mib(80));
  EXPECT_EQ(refuse_room("large", request, RoomVerdict::kLater).retry_after(),
            std::chrono::seconds(5));
  request.load_time = std::chrono::milliseconds(12'300);
  EXPECT_EQ(refuse_room("large", request, RoomVerdict::kLater).retry_after(),
            std::chrono::seconds(13));
}

}  // namespace
}  // namespace hailstone::core
