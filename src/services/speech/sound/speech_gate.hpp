// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// When somebody begins and ends to speak, from the judgement of single moments: one word is no
// speech, a breath is no end. For transcription and for turn taking.

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::sound {

struct GateOptions {
  float threshold = 0.5F;       ///< from here on it is speech
  float low_threshold = 0.35F;  ///< below it is silence; between them nothing changes
  std::chrono::milliseconds min_speech{100};
  std::chrono::milliseconds min_silence{500};
};

struct GateEvent {
  enum class Kind : std::uint8_t { kStarted, kStopped };
  Kind kind;
  std::uint64_t at;  ///< sample of the stream where speech began or ended

  bool operator==(const GateEvent&) const = default;
};

/// Belongs to one thread.
class SpeechGate {
 public:
  SpeechGate(std::unique_ptr<VoiceDetector> detector, GateOptions options)
      : detector_(std::move(detector)), options_(options) {}

  /// What the samples have brought. They may come in pieces of any length.
  std::vector<GateEvent> push(std::span<const float> samples);
  /// The end of the stream: speech that still goes on stops.
  std::vector<GateEvent> finish();

  bool is_open() const noexcept { return is_open_; }
  /// Whether the last moment was voice; it may be too short yet to be speech.
  bool is_voiced() const noexcept { return is_voiced_; }
  /// Up to where it has looked.
  std::uint64_t position() const noexcept { return position_; }

 private:
  void judge(std::span<const float> window, std::vector<GateEvent>& events);

  std::unique_ptr<VoiceDetector> detector_;
  const GateOptions options_;
  std::vector<float> rest_;  // less than a window
  std::uint64_t position_ = 0;
  std::uint64_t voiced_since_ = 0;  // while closed: where the present run of speech began
  std::uint64_t silent_since_ = 0;  // while open: where the present run of silence began
  bool is_voiced_ = false;
  bool is_open_ = false;
};

}  // namespace hailstone::sound
