// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client's pieces of sound as the samples that recognisers work with.

#include <optional>
#include <vector>

#include "media/audio/resampler.hpp"
#include "services/speech/wyoming/protocol/event.hpp"

namespace hailstone::wyoming {

/// Belongs to one thread.
class SoundInput {
 public:
  /// Appends them as mono at sound::kSampleRate. The shape may change between pieces. Throws
  /// Error(kBadRequest) for a piece that ends in the midst of a sample.
  void push(const AudioChunk& chunk, std::vector<float>& out);

 private:
  int rate_ = 0;
  std::optional<media::Resampler> resampler_;
  std::vector<float> mono_;
};

}  // namespace hailstone::wyoming
