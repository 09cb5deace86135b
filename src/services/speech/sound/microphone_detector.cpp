// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/sound/microphone_detector.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace hailstone::sound {
namespace {

/// 32 ms, as Silero's networks have it.
constexpr std::size_t kWindow = 512;
/// Two seconds of windows: nobody speaks so long without a gap.
constexpr std::size_t kMemory = 62;
/// Of a room that is not known yet, before a word is said about it: a quarter of a second.
constexpr std::size_t kFirstLook = 8;
/// Decibels by which noise differs from window to window; a voice differs by more.
constexpr double kSteady = 3.5;
/// Decibels of full scale. Below the first nobody speaks; a room that is not known yet is quiet.
constexpr double kSilence = -62;
constexpr double kFirstFloor = -55;
/// Decibels over which the answer goes from unlikely to likely.
constexpr double kSlope = 2;
/// By how much speech is louder than the noise where the answer is one half: of the whole sound,
/// and of the band of the vowels, where a hiss as loud as speech is 10 dB below it, and differs
/// more from window to window.
constexpr double kAboveAll = 6.5;
constexpr double kAboveVowels = 9;
constexpr double kLowestVowel = 150;
constexpr double kHighestVowel = 1000;
/// For pre-emphasis: hum and wind are low, and no speech.
constexpr float kEmphasis = 0.97F;

/// Of second order, with Butterworth's quality.
class Filter {
 public:
  enum class Passes : std::uint8_t { kLow, kHigh };

  Filter(Passes passes, double hertz) noexcept {
    const double angle = 2 * std::numbers::pi * hertz / kSampleRate;
    const double cosine = std::cos(angle);
    const double alpha = std::sin(angle) / std::numbers::sqrt2;
    const double sign = passes == Passes::kLow ? 1 : -1;
    const double outer = (1 - sign * cosine) / 2;
    forward_ = {outer / (1 + alpha), sign * 2 * outer / (1 + alpha), outer / (1 + alpha)};
    back_ = {-2 * cosine / (1 + alpha), (1 - alpha) / (1 + alpha)};
  }

  double push(double sample) noexcept {
    const double out = forward_[0] * sample + state_[0];
    state_[0] = forward_[1] * sample - back_[0] * out + state_[1];
    state_[1] = forward_[2] * sample - back_[1] * out;
    return out;
  }

 private:
  std::array<double, 3> forward_{};
  std::array<double, 2> back_{};
  std::array<double, 2> state_{};
};

/// How loud the last two seconds were.
class Levels {
 public:
  void push(double energy) {
    levels_[count_ % kMemory] = 10 * std::log10(energy / kWindow + 1e-10);
    ++count_;
  }
  std::size_t known() const noexcept { return std::min(count_, kMemory); }
  double last() const noexcept { return levels_[(count_ - 1) % kMemory]; }
  double quietest() const noexcept { return *std::min_element(levels_.begin(), end()); }
  double loudest() const noexcept { return *std::max_element(levels_.begin(), end()); }

 private:
  std::array<double, kMemory>::const_iterator end() const noexcept {
    return levels_.begin() + static_cast<std::ptrdiff_t>(known());
  }

  std::array<double, kMemory> levels_{};
  std::size_t count_ = 0;
};

double likelihood(double above) {
  return 1 / (1 + std::exp(-above / kSlope));
}

class MicrophoneDetector final : public VoiceDetector {
 public:
  std::size_t window() const noexcept override { return kWindow; }

  float judge(std::span<const float> samples) override {
    listen(samples);
    if (all_.known() < kFirstLook) return 0;
    if (all_.known() == kFirstLook) is_noisy_ = all_.loudest() - all_.quietest() < kSteady;
    return static_cast<float>(std::max(likelihood(above_floor(all_) - kAboveAll),
                                       likelihood(above_floor(vowels_) - kAboveVowels)));
  }

  void reset() override { *this = MicrophoneDetector(); }

 private:
  void listen(std::span<const float> samples) {
    double all = 0;
    double vowels = 0;
    for (const float sample : samples) {
      const double high = sample - kEmphasis * last_;
      last_ = sample;
      all += high * high;
      const double vowel = below_.push(above_.push(sample));
      vowels += vowel * vowel;
    }
    all_.push(all);
    vowels_.push(vowels);
  }

  /// The floor is the quietest moment of the last two seconds.
  double above_floor(const Levels& levels) const {
    const bool is_unknown = levels.known() < kMemory && !is_noisy_;
    const double quietest = levels.quietest();
    const double floor = is_unknown ? std::min(quietest, kFirstFloor) : quietest;
    return levels.last() - std::max(floor, kSilence);
  }

  Levels all_;
  Levels vowels_;
  Filter above_{Filter::Passes::kHigh, kLowestVowel};
  Filter below_{Filter::Passes::kLow, kHighestVowel};
  float last_ = 0;
  bool is_noisy_ = false;  // it was from the beginning
};

}  // namespace

std::unique_ptr<VoiceDetector> make_microphone_detector() {
  return std::make_unique<MicrophoneDetector>();
}

}  // namespace hailstone::sound
