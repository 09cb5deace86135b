// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Large payloads go through shared memory: twice as fast as through the socket. Each direction has
// a few slots, each a memfd of the sender's that the receiver maps once. Its first word says
// whether the slot is in use: the sender sets it, the receiver clears it when it needs the payload
// no more. If no slot is free, the payload goes through the socket.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "hosting/protocol/frame.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::hosting {

inline constexpr std::size_t kSlotHeader = 64;
inline constexpr std::size_t kMaxSlotSize = std::size_t{32} << 20;
/// Below this, the socket is as fast.
inline constexpr std::size_t kSharingThreshold = std::size_t{64} << 10;

/// A mapped memfd. Move-only.
class Mapping {
 public:
  Mapping() noexcept = default;
  /// size bytes from the descriptor's beginning. Throws Error(kInternal).
  Mapping(os::UniqueFd fd, std::size_t size);
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  int fd() const noexcept { return fd_.get(); }
  std::byte* payload() const noexcept { return data_ + kSlotHeader; }
  std::size_t capacity() const noexcept { return data_ == nullptr ? 0 : size_ - kSlotHeader; }
  bool is_in_use() const noexcept;
  void set_in_use(bool in_use) noexcept;

 private:
  os::UniqueFd fd_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// The sender's end. Not thread-safe.
class SlotWriter {
 public:
  struct Placed {
    std::uint8_t slot;
    int new_memory;  ///< its descriptor, to be sent along; -1: the receiver has it
  };

  /// Nothing where no slot is free or the payload is too large for one.
  std::optional<Placed> place(std::span<const std::span<const std::byte>> parts, std::size_t size);

 private:
  std::array<Mapping, kMaxSlots> slots_;
};

/// What a receiver makes of the other side.
enum class Peer : std::uint8_t {
  kUntrusted,  ///< it may write to a payload while we read it: payloads are copied
  kTrusted,    ///< payloads stay where they are until nobody needs them
};

/// The receiver's end; believes nothing that the sender says of sizes. Not thread-safe.
class SlotReader {
 public:
  explicit SlotReader(Peer sender) noexcept : sender_(sender) {}

  /// Throws Error(kEngineFailed) for memory that could shrink under us.
  void adopt(std::uint8_t slot, os::UniqueFd memory);
  /// Throws Error(kEngineFailed) where that much is not there. The slot is free again once nobody
  /// needs them, which may be on any thread.
  inference::SharedBytes take(std::uint8_t slot, std::size_t size);

 private:
  const Peer sender_;
  std::array<std::shared_ptr<Mapping>, kMaxSlots> slots_;
};

}  // namespace hailstone::hosting
