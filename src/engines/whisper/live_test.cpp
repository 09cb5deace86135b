// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/whisper/listener.hpp"
#include "engines/whisper/live.hpp"
#include "engines/whisper/transcriber.hpp"

namespace hailstone::engines::whisper {
namespace {

using inference::HearEvent;
using ::testing::ElementsAre;

TEST(Agreement, TwoRunsMakeWordsStable) {
  Agreement agreement;
  EXPECT_EQ(agreement.add(" And so"), 0U);
  EXPECT_EQ(agreement.add(" And so my fell"), 7U);
  EXPECT_EQ(agreement.add(" And so my fellow"), 10U) << "a word that grew is not the same";
  EXPECT_EQ(agreement.add(" And so my fellow Americans"), 17U);
  agreement.reset();
  EXPECT_EQ(agreement.add(" And so"), 0U);
}

TEST(Agreement, StableTextStaysStableWhileItIsThere) {
  Agreement agreement;
  agreement.add(" one two three");
  EXPECT_EQ(agreement.add(" one two three four"), 14U);
  EXPECT_EQ(agreement.add(" one two three for fun"), 14U);
}

TEST(EncoderFrames, FitTheClipButForAFloorAndTheModel) {
  EXPECT_EQ(encoder_frames(16'000, 1500, EncoderContext::kAuto), 256);
  EXPECT_EQ(encoder_frames(10 * 16'000, 1500, EncoderContext::kAuto), 576);
  EXPECT_EQ(encoder_frames(29 * 16'000, 1500, EncoderContext::kAuto), 0);
  EXPECT_EQ(encoder_frames(16'000, 1500, EncoderContext::kFull), 0);
}

/// Gives its pieces out one by one.
class Pieces final : public inference::AudioSource {
 public:
  explicit Pieces(std::vector<inference::AudioPiece> pieces) : pieces_(std::move(pieces)) {}
  int sample_rate() const noexcept override { return kSampleRate; }
  inference::AudioPiece take(Deadline, const RunContext&) override {
    return std::move(pieces_.at(next_++));
  }

 private:
  std::vector<inference::AudioPiece> pieces_;
  std::size_t next_ = 0;
};

inference::AudioPiece seconds(double length, bool ends = false, bool is_last = false) {
  return {std::vector<float>(static_cast<std::size_t>(length * kSampleRate)), ends, is_last};
}

/// A word a second.
Transcript count(std::span<const float> samples, const inference::HearOptions&) {
  Transcript transcript;
  transcript.language = "en";
  inference::HeardSegment segment;
  for (std::size_t i = 0; i < samples.size() / kSampleRate; ++i) {
    segment.text += " " + std::to_string(i);
  }
  segment.end = std::chrono::milliseconds(samples.size() / 16);
  transcript.segments.push_back(segment);
  return transcript;
}

TEST(Listener, TellsPartsAndThenTheWholeUtterance) {
  Pieces pieces({seconds(1), seconds(1), seconds(1, true), seconds(0.3), seconds(1, false, true)});
  std::vector<std::string> told;
  const auto result = listen(
      {}, pieces, count,
      [&](HearEvent&& event) {
        if (event.kind == HearEvent::Kind::kProgress) return;
        const bool is_final = event.kind == HearEvent::Kind::kFinal;
        told.push_back((is_final ? "final" : "partial " + std::to_string(event.stable)) +
                       event.segment.text + " at " + std::to_string(event.segment.begin.count()));
      },
      {});
  EXPECT_THAT(told, ElementsAre("partial 0 0 at 0", "partial 2 0 1 at 0", "final 0 1 2 at 0",
                                "final 0 at 3000"));
  EXPECT_EQ(result.language, "en");
}

TEST(Listener, AnEndlessUtteranceIsEndedAndDoesNotGrow) {
  std::vector<inference::AudioPiece> all;
  for (int i = 0; i < 60; ++i) all.push_back(seconds(1));
  all.push_back(seconds(1, false, true));
  Pieces pieces(std::move(all));
  std::size_t most = 0;
  int finals = 0;
  listen(
      {}, pieces,
      [&](std::span<const float> samples, const inference::HearOptions& options) {
        most = std::max(most, samples.size());
        return count(samples, options);
      },
      [&](HearEvent&& event) { finals += event.kind == HearEvent::Kind::kFinal ? 1 : 0; }, {});
  EXPECT_EQ(finals, 3);
  EXPECT_LE(most, 26U * kSampleRate);
}

}  // namespace
}  // namespace hailstone::engines::whisper
