// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::sound {
namespace {

/// 32 ms, as Silero's networks have it.
constexpr std::size_t kWindow = 512;
/// Decibels of full scale. Below the first nobody speaks; a room is hardly louder than the second.
constexpr double kSilence = -62;
constexpr double kLoudestFloor = -32;
constexpr double kFirstFloor = -55;
/// By how much speech is louder than the floor where the answer is one half.
constexpr double kAboveFloor = 9;
/// Decibels over which the answer goes from unlikely to likely.
constexpr double kSlope = 2;
/// The floor falls at once and rises slowly, slower still while somebody seems to speak: a second,
/// ten seconds for some 63 % of the way.
constexpr double kRise = 0.032;
constexpr double kRiseInSpeech = 0.0032;
/// For pre-emphasis: hum and wind are low, and no speech.
constexpr float kEmphasis = 0.97F;

class EnergyDetector final : public VoiceDetector {
 public:
  std::size_t window() const noexcept override { return kWindow; }

  float judge(std::span<const float> samples) override {
    double sum = 0;
    for (const float sample : samples) {
      const double high = sample - kEmphasis * last_;
      last_ = sample;
      sum += high * high;
    }
    const double mean = sum / static_cast<double>(std::max<std::size_t>(1, samples.size()));
    const double level = 10 * std::log10(mean + 1e-10);
    const double above = level - std::max(floor_, kSilence) - kAboveFloor;
    const double speech = 1 / (1 + std::exp(-above / kSlope));
    follow(level, speech);
    return static_cast<float>(speech);
  }

  void reset() override {
    floor_ = kFirstFloor;
    last_ = 0;
  }

 private:
  void follow(double level, double speech) noexcept {
    if (level < floor_) {
      floor_ += (level - floor_) * 0.3;
    } else {
      floor_ += (level - floor_) * (speech > 0.5 ? kRiseInSpeech : kRise);
    }
    floor_ = std::clamp(floor_, -90.0, kLoudestFloor);
  }

  double floor_ = kFirstFloor;
  float last_ = 0;
};

}  // namespace

std::unique_ptr<VoiceDetector> make_energy_detector() {
  return std::make_unique<EnergyDetector>();
}

}  // namespace hailstone::sound
