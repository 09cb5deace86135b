// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// When somebody's turn to speak begins, pauses and ends. How much silence ends it may follow from
// what was said: little after a whole sentence, more after "and". Pure but for the detector.

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "services/speech/sound/speech_gate.hpp"
#include "services/speech/voice/turns/completeness.hpp"

namespace hailstone::voice {

/// How much silence ends a turn.
struct TurnOptions {
  enum class Ending : std::uint8_t {
    kFixed,     ///< always `silence`
    kAdaptive,  ///< by what was said
  };
  Ending ending = Ending::kAdaptive;
  float threshold = 0.5F;  ///< of the voice detector
  std::chrono::milliseconds silence{500};
  std::chrono::milliseconds after_complete{260};
  std::chrono::milliseconds after_unclear{650};
  std::chrono::milliseconds after_incomplete{1500};

  bool operator==(const TurnOptions&) const = default;
};

struct TurnEvent {
  enum class Kind : std::uint8_t {
    kStarted,
    kPaused,   ///< long enough to see what was said so far
    kResumed,  ///< and on it goes
    kEnded,
  };
  Kind kind;
  std::uint64_t at;  ///< sample of the stream where speech began or ended

  bool operator==(const TurnEvent&) const = default;
};

/// Belongs to one thread.
class TurnDetector {
 public:
  TurnDetector(std::unique_ptr<sound::VoiceDetector> detector, TurnOptions options);

  std::vector<TurnEvent> push(std::span<const float> samples);

  /// What is known of the turn, in a pause. Nobody knows it yet where this is not called: an
  /// adaptive turn then waits as after something incomplete.
  std::vector<TurnEvent> judge(Completeness said);

  /// Ends the turn where it is, if there is one.
  std::vector<TurnEvent> finish();

  bool is_open() const noexcept { return state_ != State::kIdle; }
  /// Samples that were looked at.
  std::uint64_t position() const noexcept { return gate_.position(); }

 private:
  enum class State : std::uint8_t { kIdle, kSpeaking, kPaused };

  void take(const sound::GateEvent& event, std::vector<TurnEvent>& events);
  void end_if_silent(std::vector<TurnEvent>& events);
  std::chrono::milliseconds patience() const noexcept;

  const TurnOptions options_;
  sound::SpeechGate gate_;
  State state_ = State::kIdle;
  std::uint64_t silent_since_ = 0;
  Completeness said_ = Completeness::kIncomplete;
};

}  // namespace hailstone::voice
