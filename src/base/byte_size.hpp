// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An amount of memory or disk. Bytes are a type, so that nobody passes MiB where bytes are meant.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace hailstone {

class ByteSize {
 public:
  constexpr ByteSize() noexcept = default;
  static constexpr ByteSize bytes(std::uint64_t n) noexcept { return ByteSize(n); }
  static constexpr ByteSize kib(std::uint64_t n) noexcept { return ByteSize(n << 10); }
  static constexpr ByteSize mib(std::uint64_t n) noexcept { return ByteSize(n << 20); }
  static constexpr ByteSize gib(std::uint64_t n) noexcept { return ByteSize(n << 30); }

  constexpr std::uint64_t count() const noexcept { return bytes_; }
  constexpr double in_mib() const noexcept { return static_cast<double>(bytes_) / (1 << 20); }

  constexpr ByteSize operator+(ByteSize o) const noexcept { return ByteSize(bytes_ + o.bytes_); }
  constexpr ByteSize& operator+=(ByteSize o) noexcept { return *this = *this + o; }
  /// Saturates at zero: an amount of memory is never negative.
  constexpr ByteSize operator-(ByteSize o) const noexcept {
    return ByteSize(bytes_ > o.bytes_ ? bytes_ - o.bytes_ : 0);
  }
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a null pointer in its zero
  constexpr auto operator<=>(const ByteSize&) const noexcept = default;

 private:
  explicit constexpr ByteSize(std::uint64_t n) noexcept : bytes_(n) {}
  std::uint64_t bytes_ = 0;
};

/// For people: "512 B", "1.5 MiB".
std::string to_string(ByteSize size);

/// Reads "1500000", "512MiB", "1.5 GB" (GB = 10^9, GiB = 2^30). Throws Error(kBadRequest).
ByteSize parse_byte_size(std::string_view text);

}  // namespace hailstone
