// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/audio_pipe.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace hailstone::inference {
namespace {

using namespace std::chrono_literals;

const RunContext kRun{Deadline::in(60s), {}};

TEST(AudioPipe, CarriesASoundInOrderAndHoldsNoMoreThanItsLimit) {
  AudioPipe pipe(16'000, 100);
  std::vector<float> sound(10'000);
  for (std::size_t i = 0; i < sound.size(); ++i) sound[i] = static_cast<float>(i);
  const std::jthread speaker([&] {
    pipe.push(sound, kRun);
    pipe.finish();
  });
  std::vector<float> got;
  bool is_last = false;
  while (!is_last) {
    const auto piece = pipe.take(Deadline::never(), kRun);
    EXPECT_LE(piece.samples.size(), 100U);
    got.insert(got.end(), piece.samples.begin(), piece.samples.end());
    is_last = piece.is_last;
  }
  EXPECT_EQ(got, sound);
}

TEST(AudioPipe, WaitsNoLongerThanItIsAskedTo) {
  AudioPipe pipe(16'000, 100);
  const auto piece = pipe.take(Deadline::in(1ms), kRun);
  EXPECT_TRUE(piece.samples.empty());
  EXPECT_FALSE(piece.is_last);
  EXPECT_THROW(pipe.take(Deadline::never(), {Deadline::in(1ms), {}}), Error);
  const std::vector<float> full(100);
  pipe.push(full, kRun);
  EXPECT_THROW(pipe.push(full, {Deadline::in(1ms), {}}), Error);
}

TEST(AudioPipe, TheEndOfAnUtteranceStaysWhereItWas) {
  AudioPipe pipe(16'000, 100);
  pipe.push(std::vector<float>(3), kRun);
  pipe.end_utterance();
  std::jthread speaker([&] { pipe.push(std::vector<float>(5), kRun); });
  const auto first = pipe.take(Deadline::never(), kRun);
  EXPECT_EQ(first.samples.size(), 3U);
  EXPECT_TRUE(first.ends_utterance);
  const auto second = pipe.take(Deadline::never(), kRun);
  EXPECT_EQ(second.samples.size(), 5U);
  EXPECT_FALSE(second.ends_utterance);
}

TEST(AudioPipe, TellsWhatHappenedToWhoBroughtTheAudio) {
  AudioPipe pipe(16'000, 100);
  pipe.fail(std::make_exception_ptr(std::runtime_error("unplugged")));
  EXPECT_THROW(pipe.take(Deadline::never(), kRun), std::runtime_error);
  pipe.push(std::vector<float>(1000), kRun);  // nobody listens: it does not wait
}

}  // namespace
}  // namespace hailstone::inference
