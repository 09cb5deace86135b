// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Encoded sound that can be read at any place: a body in memory, or a file. Decoders jump, and a
// long recording need not be in memory.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hailstone::media {

/// Used by one thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const noexcept = 0;
  /// How many bytes were read: fewer than asked for only at the end. Throws Error(kInternal) where
  /// a disk fails.
  virtual std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) = 0;
};

/// The bytes outlive it.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) noexcept : bytes_(bytes) {}
  std::uint64_t size() const noexcept override { return bytes_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) override;

 private:
  std::string_view bytes_;
};

/// A file that is open for reading; the descriptor outlives it. What is appended later is not seen.
class FileSource final : public ByteSource {
 public:
  /// Throws Error(kInternal) for what is no readable file.
  explicit FileSource(int descriptor);
  std::uint64_t size() const noexcept override { return size_; }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) override;

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace hailstone::media
