// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes on their way to a socket. Small pieces are put together, large ones are not copied.

#include <cstddef>
#include <deque>
#include <string>

namespace hailstone::http {

/// Not thread-safe.
class Outbox {
 public:
  void push(std::string bytes);

  enum class Flush { kDone, kBlocked, kFailed };
  /// Sends what the kernel takes without waiting. kFailed: nobody will ever read it; it is dropped.
  Flush flush(int socket);

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept;

 private:
  void drop_front(std::size_t sent);

  std::deque<std::string> blocks_;
  std::size_t sent_ = 0;  // of the first block
  std::size_t size_ = 0;
};

}  // namespace hailstone::http
