// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sound files to samples as the file has them, piece by piece.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "media/audio/files/byte_source.hpp"

namespace hailstone::media {

struct SoundInfo {
  std::string format;  ///< "WAV", "MP3"
  int sample_rate = 0;
  int channels = 0;
  /// As the file says; nothing where it does not.
  std::optional<std::chrono::milliseconds> duration;
};

/// Belongs to one thread.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual const SoundInfo& info() const noexcept = 0;
  /// Interleaved samples; out holds at least one frame of all channels. How many frames were read;
  /// zero at the end. Throws Error(kBadRequest) for damaged data.
  virtual std::size_t read(std::span<float> out) = 0;
};

inline constexpr int kMostChannels = 32;
inline constexpr int kLowestRate = 1000;
inline constexpr int kHighestRate = 768'000;

/// By what the file is, not by its name. The source outlives the decoder. Throws
/// Error(kBadRequest) for what is no sound, damaged, empty or has impossible figures, and
/// Error(kUnsupported) for a format that cannot be decoded here.
std::unique_ptr<Decoder> open_decoder(ByteSource& source);

}  // namespace hailstone::media
