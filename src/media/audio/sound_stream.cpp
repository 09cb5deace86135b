// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/sound_stream.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

Error too_long(std::chrono::seconds longest) {
  return {ErrorCode::kTooLarge, "the audio is too long",
          "at most " + std::to_string(longest.count() / 60) + " minutes"};
}

}  // namespace

SoundStream::SoundStream(ByteSource& source, SoundLimits limits)
    : limits_(limits),
      decoder_(open_decoder(source)),
      resampler_(decoder_->info().sample_rate, limits.sample_rate) {
  // The length of MP3 and of damaged files is a guess: only what is far too much is believed.
  if (info().duration && *info().duration > 2 * limits_.longest) throw too_long(limits_.longest);
  const auto per_read = static_cast<std::size_t>(std::max(1, info().sample_rate / 2));
  frames_.resize(std::min<std::size_t>(per_read, 48'000) *
                 static_cast<std::size_t>(info().channels));
}

void SoundStream::mix(std::size_t frames) {
  const auto channels = static_cast<std::size_t>(info().channels);
  mono_.resize(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    float sum = 0;
    for (std::size_t c = 0; c < channels; ++c) sum += frames_[i * channels + c];
    const float value = sum / static_cast<float>(channels);
    // Floating point files may hold anything.
    mono_[i] = std::isfinite(value) ? std::clamp(value, -1.0F, 1.0F) : 0.0F;
  }
}

std::vector<float> SoundStream::read() {
  std::vector<float> out;
  while (out.empty() && !at_end_) {
    const std::size_t frames = decoder_->read(frames_);
    if (frames == 0) {
      at_end_ = true;
      if (heard_ == 0) {
        throw Error(ErrorCode::kBadRequest, "the " + info().format + " file holds no sound");
      }
      resampler_.finish(out);
      break;
    }
    heard_ += frames;
    if (heard_ / static_cast<unsigned>(info().sample_rate) >
        static_cast<std::uint64_t>(limits_.longest.count())) {
      throw too_long(limits_.longest);
    }
    mix(frames);
    resampler_.push(mono_, out);
  }
  return out;
}

std::vector<float> read_all(SoundStream& stream) {
  std::vector<float> all;
  for (auto piece = stream.read(); !piece.empty(); piece = stream.read()) {
    all.insert(all.end(), piece.begin(), piece.end());
  }
  return all;
}

}  // namespace hailstone::media
