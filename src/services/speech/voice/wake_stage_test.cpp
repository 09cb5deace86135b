// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/wake_stage.hpp"

#include <gtest/gtest.h>

namespace hailstone::voice {
namespace {

using namespace std::chrono_literals;

/// Hears its name in samples above one half, and knows it 80 samples later.
class Stage : public testing::Test {
 protected:
  WakeStage::Step push(std::size_t count, float value = 0) {
    sound_.assign(count, value);
    return stage_.push(sound_, {});
  }

  std::vector<float> sound_;
  std::uint64_t listened_ = 0;
  WakeStage stage_{[this](std::span<const float> samples, const RunContext&) {
                     std::vector<wake::Detection> calls;
                     for (std::size_t i = 0; i < samples.size() && calls.empty(); ++i) {
                       if (samples[i] > 0.5F) calls.push_back({0, listened_ + i + 80, 0.9F});
                     }
                     listened_ += samples.size();
                     return calls;
                   },
                   1000ms};
};

TEST_F(Stage, NothingIsHeardBeforeTheWord) {
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(push(320).heard.empty());
  EXPECT_FALSE(stage_.is_awake());
}

TEST_F(Stage, WhatFollowsTheWordIsHeard) {
  push(320);
  const auto step = push(320, 1);
  ASSERT_TRUE(step.call);
  EXPECT_EQ(step.call->at, 400U);
  EXPECT_EQ(step.heard.size(), 240U);
  EXPECT_EQ(push(320).heard.size(), 320U);
}

TEST_F(Stage, ItFallsAsleepWhenNothingHappensAndCanBeWokenAgain) {
  push(320, 1);
  EXPECT_FALSE(push(15'000).fell_asleep);
  const auto step = push(2000);
  EXPECT_TRUE(step.fell_asleep);
  EXPECT_EQ(step.heard.size(), 2000U);
  EXPECT_TRUE(push(320).heard.empty());
  const auto again = push(320, 1);
  ASSERT_TRUE(again.call);
  EXPECT_EQ(again.call->at, 320U + 15'000 + 2000 + 320 + 80);
}

TEST_F(Stage, WhoSpeaksAndAnAnswerThatIsPlayedKeepItAwake) {
  push(320, 1);
  stage_.begin();
  EXPECT_FALSE(push(100'000).fell_asleep);
  stage_.end(2000ms);
  EXPECT_FALSE(push(47'000).fell_asleep);
  EXPECT_TRUE(push(1100).fell_asleep);
}

}  // namespace
}  // namespace hailstone::voice
