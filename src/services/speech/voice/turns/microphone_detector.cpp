// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/turns/microphone_detector.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hailstone::voice {
namespace {

/// 32 ms, as Silero's networks have it.
constexpr std::size_t kWindow = 512;
/// Two seconds of windows: nobody speaks so long without a gap.
constexpr std::size_t kMemory = 62;
/// Decibels of full scale. Below the first nobody speaks; a room that is not known yet is quiet.
constexpr double kSilence = -62;
constexpr double kFirstFloor = -55;
/// By how much speech is louder than the noise where the answer is one half.
constexpr double kAboveFloor = 6.5;
/// Decibels over which the answer goes from unlikely to likely.
constexpr double kSlope = 2;
/// For pre-emphasis: hum and wind are low, and no speech.
constexpr float kEmphasis = 0.97F;

class MicrophoneDetector final : public sound::VoiceDetector {
 public:
  std::size_t window() const noexcept override { return kWindow; }

  float judge(std::span<const float> samples) override {
    const double level = level_of(samples);
    levels_[count_ % kMemory] = level;
    ++count_;
    const double above = level - std::max(floor(), kSilence) - kAboveFloor;
    return static_cast<float>(1 / (1 + std::exp(-above / kSlope)));
  }

  void reset() override {
    count_ = 0;
    last_ = 0;
  }

 private:
  double level_of(std::span<const float> samples) {
    double sum = 0;
    for (const float sample : samples) {
      const double high = sample - kEmphasis * last_;
      last_ = sample;
      sum += high * high;
    }
    return 10 *
           std::log10(sum / static_cast<double>(std::max<std::size_t>(1, samples.size())) + 1e-10);
  }

  /// The quietest moment of the last two seconds.
  double floor() const {
    const auto known = std::min(count_, kMemory);
    const double quietest =
        *std::min_element(levels_.begin(), levels_.begin() + static_cast<std::ptrdiff_t>(known));
    return known < kMemory ? std::min(quietest, kFirstFloor) : quietest;
  }

  std::array<double, kMemory> levels_{};
  std::size_t count_ = 0;
  float last_ = 0;
};

}  // namespace

std::unique_ptr<sound::VoiceDetector> make_microphone_detector() {
  return std::make_unique<MicrophoneDetector>();
}

}  // namespace hailstone::voice
