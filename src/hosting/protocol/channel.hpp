// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Frames over a connected unix socket, both ways. Used by the daemon and by hosts alike.

#include <atomic>
#include <chrono>
#include <optional>

#include "base/sync/mutex.hpp"
#include "hosting/protocol/frame.hpp"
#include "hosting/protocol/shared_memory.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::hosting {

class Channel {
 public:
  /// A peer that takes nothing for patience counts as gone.
  explicit Channel(os::UniqueFd socket, Peer peer = Peer::kUntrusted,
                   std::chrono::milliseconds patience = std::chrono::seconds(10)) noexcept
      : socket_(std::move(socket)), patience_(patience), slots_in_(peer) {}

  /// From now on, large payloads that we send may go through shared memory. Thread-safe.
  void allow_sharing() noexcept { sharing_ = true; }

  /// Throws Error(kTooLarge) for what send() would refuse.
  static void check_size(const Body& body);

  /// Thread-safe; frames never mix. False where the peer is gone. Throws Error(kTooLarge).
  bool send(FrameType type, std::uint32_t id, const Body& body = {});

  /// Blocks for the next frame; nothing once the peer is gone. Throws Error(kEngineFailed) when
  /// what comes is no frame. Of one thread only.
  std::optional<Frame> receive();

  /// Ends both directions: receive() returns what has already come, then nothing. Thread-safe.
  void shut_down() noexcept;
  /// The peer's receive() ends; ours goes on. Thread-safe.
  void end_sending() noexcept;

 private:
  bool send_bytes(std::vector<std::span<const std::byte>> pieces, int descriptor);
  bool wait_until_writable() const noexcept;
  bool read_exactly(std::span<std::byte> bytes, os::UniqueFd* descriptor = nullptr);
  template <typename Bytes>
  bool read_growing(Bytes& bytes, std::size_t size);

  const os::UniqueFd socket_;
  const std::chrono::milliseconds patience_;
  std::atomic<bool> sharing_{false};

  Mutex send_mutex_;
  bool is_broken_ HAILSTONE_GUARDED_BY(send_mutex_) = false;
  SlotWriter slots_out_ HAILSTONE_GUARDED_BY(send_mutex_);
  SlotReader slots_in_;  // of the receiving thread
};

}  // namespace hailstone::hosting
