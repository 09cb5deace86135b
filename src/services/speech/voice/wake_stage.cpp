// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/wake_stage.hpp"

#include <algorithm>
#include <utility>

#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::voice {
namespace {

std::uint64_t to_samples(std::chrono::milliseconds time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.count())) * sound::kSampleRate /
         1000;
}

}  // namespace

WakeStage::WakeStage(Listen listen, std::chrono::milliseconds attention)
    : listen_(std::move(listen)), attention_(to_samples(attention)) {}

WakeStage::Step WakeStage::push(std::span<const float> samples, const RunContext& run) {
  Step step;
  position_ += samples.size();
  if (is_awake_) {
    step.heard = samples;
    if (is_busy_ || position_ < awake_until_) return step;
    is_awake_ = false;
    step.fell_asleep = true;
    return step;
  }
  const auto calls = listen_(samples, run);
  listened_ += samples.size();
  if (calls.empty()) return step;
  step.call = calls.front();
  // What follows the word is meant for the talk; the word itself is not.
  const std::uint64_t behind = listened_ - std::min(listened_, step.call->at);
  step.heard =
      samples.last(static_cast<std::size_t>(std::min<std::uint64_t>(behind, samples.size())));
  step.call->at = position_ - behind;
  is_awake_ = true;
  is_busy_ = false;
  awake_until_ = position_ + attention_;
  return step;
}

void WakeStage::end(std::chrono::milliseconds to_play) noexcept {
  is_busy_ = false;
  awake_until_ = position_ + to_samples(to_play) + attention_;
}

}  // namespace hailstone::voice
