// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/turns/turn_detector.hpp"

#include <algorithm>

namespace hailstone::voice {
namespace {

using std::chrono::milliseconds;

/// A pause within a sentence is seldom longer.
constexpr milliseconds kPause{200};
/// Of voice before it is speech: three windows of the detectors. More, and interrupting is slow.
constexpr milliseconds kSpeech{90};
/// By how much it has to fall to be silence.
constexpr float kHysteresis = 0.15F;

sound::GateOptions gate_options(const TurnOptions& options) {
  sound::GateOptions gate;
  gate.threshold = options.threshold;
  gate.low_threshold = std::max(0.01F, options.threshold - kHysteresis);
  gate.min_speech = kSpeech;
  gate.min_silence = kPause;
  if (options.ending == TurnOptions::Ending::kFixed) {
    gate.min_silence = std::min(kPause, options.silence);
  }
  return gate;
}

milliseconds time_of(std::uint64_t samples) {
  return milliseconds(samples * 1000 / sound::kSampleRate);
}

}  // namespace

TurnDetector::TurnDetector(std::unique_ptr<sound::VoiceDetector> detector, TurnOptions options)
    : options_(options), gate_(std::move(detector), gate_options(options)) {}

std::vector<TurnEvent> TurnDetector::push(std::span<const float> samples) {
  // A little at a time, so that a long piece brings the same events as many short ones.
  constexpr std::size_t kStep = sound::kSampleRate / 50;
  std::vector<TurnEvent> events;
  for (std::size_t at = 0; at < samples.size(); at += kStep) {
    const auto step = samples.subspan(at, std::min(kStep, samples.size() - at));
    for (const auto& event : gate_.push(step)) take(event, events);
    end_if_silent(events);
  }
  return events;
}

std::vector<TurnEvent> TurnDetector::judge(Completeness said) {
  std::vector<TurnEvent> events;
  said_ = said;
  end_if_silent(events);
  return events;
}

std::vector<TurnEvent> TurnDetector::finish() {
  std::vector<TurnEvent> events;
  for (const auto& event : gate_.finish()) take(event, events);
  if (state_ == State::kPaused) events.push_back({TurnEvent::Kind::kEnded, silent_since_});
  state_ = State::kIdle;
  return events;
}

void TurnDetector::take(const sound::GateEvent& event, std::vector<TurnEvent>& events) {
  if (event.kind == sound::GateEvent::Kind::kStopped) {
    state_ = State::kPaused;
    silent_since_ = event.at;
    said_ = Completeness::kIncomplete;
    events.push_back({TurnEvent::Kind::kPaused, event.at});
    return;
  }
  const bool goes_on = state_ == State::kPaused;
  state_ = State::kSpeaking;
  events.push_back({goes_on ? TurnEvent::Kind::kResumed : TurnEvent::Kind::kStarted, event.at});
}

milliseconds TurnDetector::patience() const noexcept {
  if (options_.ending == TurnOptions::Ending::kFixed) return options_.silence;
  if (said_ == Completeness::kComplete) return options_.after_complete;
  return said_ == Completeness::kUnclear ? options_.after_unclear : options_.after_incomplete;
}

void TurnDetector::end_if_silent(std::vector<TurnEvent>& events) {
  if (state_ != State::kPaused || gate_.is_voiced()) return;
  if (time_of(gate_.position() - silent_since_) < patience()) return;
  state_ = State::kIdle;
  events.push_back({TurnEvent::Kind::kEnded, silent_since_});
}

}  // namespace hailstone::voice
