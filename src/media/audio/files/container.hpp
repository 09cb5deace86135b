// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a sound file is, by its first bytes: names lie, and many clients send none.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "media/audio/files/byte_source.hpp"

namespace hailstone::media {

enum class Container : std::uint8_t {
  kUnknown,
  kWav,  ///< also RF64 and Sony's Wave64
  kFlac,
  kOgg,    ///< Vorbis, Opus, FLAC
  kMp3,    ///< MPEG 1 and 2, layers I to III
  kWebm,   ///< Matroska too
  kMp4,    ///< M4A, MOV
  kAac,    ///< ADTS: AAC without a container
  kOther,  ///< what libsndfile knows besides: AIFF, AU, CAF
};

/// "WAV", "MP3", ...: for messages.
std::string_view to_string(Container container) noexcept;

/// How many bytes find_container() wants to see.
inline constexpr std::size_t kContainerHead = 4096;

/// Pure.
Container find_container(std::span<const std::byte> head) noexcept;

/// Throws Error(kBadRequest) that says what the file is instead, where it is known and no sound.
Container require_container(ByteSource& source);

/// Programs that write to a pipe put 0 or a huge size into the header of a WAV file. That is no
/// lie: the sound goes to the file's end, and this says so to who reads it.
class RiffSource final : public ByteSource {
 public:
  /// The source outlives it. Throws Error(kBadRequest) for a file that is shorter than it says, or
  /// has no sound.
  explicit RiffSource(ByteSource& source);
  std::uint64_t size() const noexcept override { return source_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) override;

 private:
  ByteSource& source_;
  std::uint64_t size_at_ = 0;  // where the size of the data stands; zero: it is right
  std::uint64_t real_size_ = 0;
};

}  // namespace hailstone::media
