// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells speech from silence, a moment at a time.

#include <cstddef>
#include <memory>
#include <span>

namespace hailstone::sound {

inline constexpr int kSampleRate = 16'000;

/// Belongs to one thread. Remembers what it heard: a new stream takes a new one, or reset().
class VoiceDetector {
 public:
  virtual ~VoiceDetector() = default;

  /// How many samples (16 kHz) it looks at at a time.
  virtual std::size_t window() const noexcept = 0;
  /// How likely the next window is speech, 0 to 1. Throws what an engine throws.
  virtual float judge(std::span<const float> samples) = 0;
  virtual void reset() = 0;
};

/// By loudness above a floor that follows the noise of the place. Needs no model, mistakes loud
/// noise for speech.
std::unique_ptr<VoiceDetector> make_energy_detector();

}  // namespace hailstone::sound
