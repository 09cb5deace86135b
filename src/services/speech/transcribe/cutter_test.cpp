// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/cutter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::transcribe {
namespace {

/// Speech is what is not zero; a window is 10 ms.
class PlainDetector final : public sound::VoiceDetector {
 public:
  std::size_t window() const noexcept override { return 160; }
  float judge(std::span<const float> samples) override { return samples[0] != 0 ? 1.0F : 0.0F; }
  void reset() override {}
};

std::vector<float> sound(std::initializer_list<std::pair<float, double>> parts) {
  std::vector<float> out;
  for (const auto& [value, seconds] : parts) {
    out.insert(out.end(), static_cast<std::size_t>(seconds * 16'000 + 0.5), value);
  }
  return out;
}

std::vector<std::pair<double, double>> cut(const std::vector<float>& samples,
                                           std::size_t piece = 1000) {
  using std::chrono::milliseconds;
  Cutter cutter(std::make_unique<PlainDetector>(),
                {milliseconds(10'000), milliseconds(4000), milliseconds(500), milliseconds(200)});
  std::vector<std::pair<double, double>> clips;
  const auto collect = [&] {
    while (auto clip = cutter.take()) {
      clips.emplace_back(static_cast<double>(clip->begin) / 16'000,
                         static_cast<double>(clip->begin + clip->samples.size()) / 16'000);
    }
  };
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    cutter.push(std::span(samples).subspan(at, std::min(piece, samples.size() - at)));
    collect();
  }
  cutter.finish();
  collect();
  return clips;
}

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

auto clip(double begin, double end) {
  return Pair(DoubleNear(begin, 0.011), DoubleNear(end, 0.011));
}

TEST(Cutter, SilenceAloneIsNothing) {
  EXPECT_THAT(cut(sound({{0, 60}})), IsEmpty());
  EXPECT_THAT(cut({}), IsEmpty());
}

TEST(Cutter, SilenceAroundSpeechGoesButForAMargin) {
  EXPECT_THAT(cut(sound({{0, 3}, {1, 2}, {0, 5}})), ElementsAre(clip(2.8, 5.2)));
  EXPECT_THAT(cut(sound({{1, 2}})), ElementsAre(clip(0, 2)));
}

TEST(Cutter, ShortUtterancesStayTogetherAndLongOnesEndInAPause) {
  EXPECT_THAT(cut(sound({{1, 1}, {0, 0.7}, {1, 1}, {0, 2}})), ElementsAre(clip(0, 2.9)));
  const auto talk = sound({{1, 5}, {0, 0.7}, {1, 5}, {0, 1}});
  EXPECT_THAT(cut(talk), ElementsAre(clip(0, 5.2), clip(5.5, 10.9)));
  EXPECT_THAT(cut(talk, 37), cut(talk)) << "pieces of any length";
}

TEST(Cutter, WhoeverTalksOnIsCutAtAShortBreathOrInTheEnd) {
  EXPECT_THAT(cut(sound({{1, 7}, {0, 0.1}, {1, 6}})), ElementsAre(clip(0, 7.25), clip(7.05, 13.1)));
  const auto clips = cut(sound({{1, 25}}));
  ASSERT_EQ(clips.size(), 3U);
  for (const auto& [begin, end] : clips) EXPECT_LE(end - begin, 10.2);
}

}  // namespace
}  // namespace hailstone::transcribe
