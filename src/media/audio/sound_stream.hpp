// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A sound file as recognisers want it: mono, one sample rate, piece by piece, so that hours of it
// take the memory of a moment.

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "media/audio/decoder.hpp"
#include "media/audio/resampler.hpp"

namespace hailstone::media {

struct SoundLimits {
  int sample_rate = 16'000;                ///< of what comes out
  std::chrono::seconds longest{6 * 3600};  ///< a small file may hold very much silence
};

/// Belongs to one thread.
class SoundStream {
 public:
  /// The source outlives it. Throws as open_decoder() does, and Error(kTooLarge) for a file that
  /// says of itself that it is too long.
  explicit SoundStream(ByteSource& source, SoundLimits limits = {});

  const SoundInfo& info() const noexcept { return decoder_->info(); }

  /// The next samples, a second or less; empty at the end. Throws Error(kBadRequest) where the file
  /// is damaged or holds no sound at all, Error(kTooLarge) beyond the limit.
  std::vector<float> read();

 private:
  void mix(std::size_t frames);

  SoundLimits limits_;
  std::unique_ptr<Decoder> decoder_;
  Resampler resampler_;
  std::vector<float> frames_;
  std::vector<float> mono_;
  std::uint64_t heard_ = 0;  // frames
  bool at_end_ = false;
};

/// All of it in memory; for what is known to be short.
std::vector<float> read_all(SoundStream& stream);

}  // namespace hailstone::media
