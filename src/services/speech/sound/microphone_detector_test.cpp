// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/sound/microphone_detector.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace hailstone::sound {
namespace {

/// A microphone that hears so many windows of noise at that level, and of a voice over it: a hum
/// that swells and fades. The detector's last answer.
class Room {
 public:
  float hear(float level, int windows, float voice = 0) {
    float last = 0;
    for (int i = 0; i < windows; ++i) {
      std::vector<float> samples(512);
      for (auto& sample : samples) {
        seed_ = seed_ * 1'103'515'245U + 12'345U;
        sample = level * (static_cast<float>(seed_ >> 16U & 0x7FFFU) / 16384.0F - 1);
        const float time = static_cast<float>(spoken_++) / kSampleRate;
        sample += voice * std::sin(2000 * time) * std::abs(std::sin(12 * time));
      }
      last = detector_->judge(samples);
    }
    return last;
  }

 private:
  std::unique_ptr<VoiceDetector> detector_ = make_microphone_detector();
  std::uint32_t seed_ = 1;
  std::size_t spoken_ = 0;
};

TEST(MicrophoneDetector, AFanIsNoiseSoonAndAVoiceAboveItIsSpeech) {
  Room room;
  room.hear(0.001F, 62);
  EXPECT_GT(room.hear(0.02F, 3), 0.5F);   // it might be somebody
  EXPECT_LT(room.hear(0.02F, 62), 0.1F);  // no, it goes on
  EXPECT_GT(room.hear(0.2F, 3), 0.9F);
  EXPECT_LT(room.hear(0.02F, 10), 0.1F);
}

TEST(MicrophoneDetector, ARoomThatIsNoisyFromTheBeginningIsNobody) {
  Room room;
  for (int i = 0; i < 100; ++i) EXPECT_LT(room.hear(0.05F, 1), 0.3F) << i;
  EXPECT_GT(room.hear(0.05F, 1, 0.3F), 0.9F);
}

TEST(MicrophoneDetector, AHissThatDrownsAllButTheVowelsHidesNobody) {
  Room room;
  room.hear(0.05F, 62);
  int heard = 0;
  for (int i = 0; i < 60; ++i) heard += room.hear(0.05F, 1, 0.2F) > 0.5F ? 1 : 0;
  EXPECT_GT(heard, 40);
}

TEST(MicrophoneDetector, ALongSpeechStaysSpeech) {
  Room room;
  room.hear(0.001F, 62);
  for (int i = 0; i < 50; ++i) {
    EXPECT_GT(room.hear(0.2F, 6), 0.9F) << i;
    room.hear(0.004F, 2);  // between two syllables
  }
}

TEST(MicrophoneDetector, WhoSpeaksAtOnceIsHeardInAQuietRoom) {
  Room room;
  EXPECT_GT(room.hear(0, 10, 0.1F), 0.9F);
  EXPECT_LT(room.hear(0, 3), 0.1F);
}

}  // namespace
}  // namespace hailstone::sound
