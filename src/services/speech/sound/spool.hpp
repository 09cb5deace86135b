// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An upload that may be long: in memory while it is small, then in a file without a name.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "media/audio/files/byte_source.hpp"

namespace hailstone::sound {

/// Used by one thread at a time.
class Spool {
 public:
  static constexpr std::size_t kMostMemory = std::size_t{4} << 20;

  /// folder: where the file goes; it is there.
  explicit Spool(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Throws Error(kInternal) where the disk is full or fails.
  void write(std::string_view bytes);

  /// All that has been written. The spool outlives it, and grows no more.
  std::unique_ptr<media::ByteSource> source() const;

 private:
  void move_to_file();
  void append(std::string_view bytes);

  const std::filesystem::path folder_;
  std::string memory_;
  int file_ = -1;
};

}  // namespace hailstone::sound
