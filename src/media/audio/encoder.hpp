// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Mono samples to a sound file, piece by piece: what is encoded can be sent before the rest exists.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/pcm.hpp"

namespace hailstone::media {

enum class SoundFormat : std::uint8_t { kWav, kFlac, kOpus, kMp3, kPcm };

/// "wav", "flac", "opus", "mp3", "pcm".
std::string_view to_string(SoundFormat format) noexcept;
/// The inverse; also "ogg" for Opus in Ogg. Nothing for what is not encoded here.
std::optional<SoundFormat> find_sound_format(std::string_view name) noexcept;
/// "audio/wav", "audio/ogg", ...
std::string_view content_type_of(SoundFormat format) noexcept;

/// The rate at which samples of that rate are written. PCM has no header, so it is always 24 kHz;
/// Opus knows only some.
int encoded_rate(SoundFormat format, int sample_rate) noexcept;

using OnBytes = std::function<void(std::string_view bytes)>;

/// Belongs to one thread. Calls on_bytes from write() and finish(), which passes through what that
/// throws.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual void write(std::span<const float> samples) = 0;
  /// Once, after the last piece.
  virtual void finish() = 0;
};

/// How much will be written. Where that is known the header tells it, and some formats give all
/// their bytes only at finish(); where it is not, WAV says that it is as large as can be.
struct SoundLength {
  std::optional<std::uint64_t> samples;
};

/// For samples of that rate. Throws Error(kInternal) where the library refuses.
std::unique_ptr<Encoder> make_encoder(SoundFormat format, int sample_rate, OnBytes on_bytes,
                                      SoundLength length = {});

/// A whole file at once, with a header that tells its true length.
std::string encode_sound(SoundFormat format, const Pcm& sound);

}  // namespace hailstone::media
