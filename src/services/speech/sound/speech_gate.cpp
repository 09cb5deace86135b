// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/sound/speech_gate.hpp"

namespace hailstone::sound {
namespace {

std::uint64_t to_samples(std::chrono::milliseconds time) {
  return static_cast<std::uint64_t>(time.count()) * kSampleRate / 1000;
}

}  // namespace

std::vector<GateEvent> SpeechGate::push(std::span<const float> samples) {
  std::vector<GateEvent> events;
  const std::size_t window = detector_->window();
  rest_.insert(rest_.end(), samples.begin(), samples.end());
  std::size_t done = 0;
  for (; rest_.size() - done >= window; done += window) {
    judge(std::span(rest_).subspan(done, window), events);
  }
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(done));
  return events;
}

std::vector<GateEvent> SpeechGate::finish() {
  std::vector<GateEvent> events;
  if (!rest_.empty()) {
    rest_.resize(detector_->window());
    judge(rest_, events);
    rest_.clear();
  }
  if (is_open_) {
    is_open_ = false;
    events.push_back({GateEvent::Kind::kStopped, is_voiced_ ? position_ : silent_since_});
  }
  return events;
}

void SpeechGate::judge(std::span<const float> window, std::vector<GateEvent>& events) {
  const float speech = detector_->judge(window);
  const std::uint64_t begin = position_;
  position_ += window.size();
  const bool was_voiced = is_voiced_;
  is_voiced_ = speech >= (was_voiced ? options_.low_threshold : options_.threshold);
  if (is_voiced_ && !was_voiced) voiced_since_ = begin;
  if (!is_voiced_ && was_voiced) silent_since_ = begin;
  if (!is_open_ && is_voiced_ && position_ - voiced_since_ >= to_samples(options_.min_speech)) {
    is_open_ = true;
    events.push_back({GateEvent::Kind::kStarted, voiced_since_});
  } else if (is_open_ && !is_voiced_ &&
             position_ - silent_since_ >= to_samples(options_.min_silence)) {
    is_open_ = false;
    events.push_back({GateEvent::Kind::kStopped, silent_since_});
  }
}

}  // namespace hailstone::sound
