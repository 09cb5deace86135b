// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/ear.hpp"

#include "services/speech/realtime/g711.hpp"
#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::realtime {

void Ear::set_format(const Format& format) {
  if (resampler_ && format == format_) return;
  format_ = format;
  resampler_.emplace(format.rate, sound::kSampleRate);
  rest_.clear();
}

std::span<const float> Ear::take(std::string_view bytes) {
  decoded_.clear();
  samples_.clear();
  decode(bytes);
  resampler_->push(decoded_, samples_);
  return samples_;
}

void Ear::decode(std::string_view bytes) {
  if (format_.encoding != Encoding::kPcm16) {
    return from_g711(bytes, format_.encoding == Encoding::kMuLaw ? Law::kMu : Law::kA, decoded_);
  }
  rest_ += bytes;
  const std::size_t whole = rest_.size() & ~std::size_t{1};
  for (std::size_t i = 0; i < whole; i += 2) {
    const auto low = static_cast<unsigned char>(rest_[i]);
    const auto high = static_cast<unsigned char>(rest_[i + 1]);
    decoded_.push_back(static_cast<float>(static_cast<std::int16_t>(low | high << 8)) / 32768.0F);
  }
  rest_.erase(0, whole);
}

std::string encode(const std::string& pcm16, const Format& format) {
  if (format.encoding == Encoding::kPcm16) return pcm16;
  return to_g711(pcm16, format.encoding == Encoding::kMuLaw ? Law::kMu : Law::kA);
}

}  // namespace hailstone::realtime
