// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much of one request may be under way in one direction: chunks to the daemon, input to the
// host. What has been used up is credited, and may then be sent again.

#include <algorithm>
#include <cstdint>
#include <utility>

#include "hosting/protocol/frame.hpp"

namespace hailstone::hosting {

/// How much more of a request's chunks or input the receiver takes.
struct Credit {
  std::uint32_t frames = 0;
  std::uint64_t bytes = 0;
};

/// JSON and payload.
inline std::uint64_t size_of(const Frame& frame) noexcept {
  return frame.json.size() + frame.payload.size();
}
inline std::uint64_t size_of(const Body& body) noexcept {
  std::uint64_t size = body.json.size();
  for (const auto part : body.parts) size += part.size();
  return size;
}

/// Who sends. Not thread-safe.
class SendWindow {
 public:
  bool has_room(std::uint64_t size) const noexcept {
    return frames_ > 0 && (!counts_bytes_ || size <= bytes_);
  }
  void take(std::uint64_t size) noexcept {
    --frames_;
    if (counts_bytes_) bytes_ -= size;
  }
  void add(const Credit& credit) noexcept {
    frames_ = std::min<std::uint64_t>(frames_ + credit.frames, kChunkWindow);
    bytes_ = std::min(bytes_ + std::min(credit.bytes, kByteWindow), kByteWindow);
  }
  /// The receiver knows of bytes, too.
  void count_bytes() noexcept { counts_bytes_ = true; }
  /// Nothing is under way.
  bool is_untouched() const noexcept { return frames_ == kChunkWindow; }

 private:
  bool counts_bytes_ = false;
  std::uint64_t frames_ = kChunkWindow;
  std::uint64_t bytes_ = kByteWindow;
};

/// Who receives. Not thread-safe.
class ReceiveWindow {
 public:
  /// limit: of the bytes that the sender may have under way.
  explicit ReceiveWindow(std::uint64_t limit = kByteWindow) noexcept : limit_(limit) {}

  /// False: it is more than was allowed.
  bool admit(std::uint64_t size) noexcept {
    ++frames_;
    bytes_ += size;
    return frames_ <= kChunkWindow && bytes_ <= limit_;
  }
  void use_up(std::uint64_t size) noexcept {
    ++used_.frames;
    used_.bytes += size;
  }
  bool is_credit_due() const noexcept {
    return used_.frames >= kChunkWindow / 2 || used_.bytes >= kByteWindow / 2;
  }
  /// To be sent.
  Credit credit() noexcept {
    frames_ -= used_.frames;
    bytes_ -= used_.bytes;
    return std::exchange(used_, {});
  }

 private:
  const std::uint64_t limit_;
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_ = 0;
  Credit used_;
};

}  // namespace hailstone::hosting
