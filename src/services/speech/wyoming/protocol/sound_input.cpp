// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/protocol/sound_input.hpp"

#include <cstddef>
#include <cstdint>

#include "base/error.hpp"
#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::wyoming {
namespace {

/// Little-endian, in [-1, 1]. Of one byte it is unsigned, as in WAV files.
float read_sample(const char* bytes, std::size_t width) {
  if (width == 1) return static_cast<float>(static_cast<std::uint8_t>(*bytes)) / 128.0F - 1.0F;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i]))
             << (8 * (4 - width + i));
  }
  return static_cast<float>(static_cast<std::int32_t>(value)) / 2147483648.0F;
}

}  // namespace

void SoundInput::push(const AudioChunk& chunk, std::vector<float>& out) {
  const auto width = static_cast<std::size_t>(chunk.shape.width);
  const auto channels = static_cast<std::size_t>(chunk.shape.channels);
  const auto frame = width * channels;
  if (chunk.bytes.size() % frame != 0) {
    throw Error(ErrorCode::kBadRequest, "audio-chunk: the payload ends in the midst of a sample");
  }
  if (chunk.shape.rate != rate_) {
    rate_ = chunk.shape.rate;
    resampler_.emplace(rate_, sound::kSampleRate);
  }
  mono_.clear();
  for (std::size_t at = 0; at < chunk.bytes.size(); at += frame) {
    float sum = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      sum += read_sample(chunk.bytes.data() + at + c * width, width);
    }
    mono_.push_back(sum / static_cast<float>(channels));
  }
  resampler_->push(mono_, out);
}

}  // namespace hailstone::wyoming
