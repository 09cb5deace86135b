// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sees to it that a child takes no more memory than it was given, while nobody else looks: during a
// load, of which only an estimate is known.

#include <sys/types.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/byte_size.hpp"

namespace hailstone::os {

/// Thread-safe. One thread, which measures the process and its descendants twice a second. The
/// kernel's limit on what the process itself allocates is the second line: somewhat above most, and
/// gone with this object.
class MemoryWatch {
 public:
  /// on_excess: called on that thread, at most once, with what was found.
  MemoryWatch(pid_t process, ByteSize most, std::function<void(ByteSize taken)> on_excess);
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  /// What it took when it took too much.
  std::optional<ByteSize> excess() const;

 private:
  void watch(const std::stop_token& stop);

  const pid_t process_;
  const ByteSize most_;
  const std::function<void(ByteSize)> on_excess_;
  mutable std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::optional<ByteSize> excess_;  // guarded by mutex_
  std::jthread thread_;             // the last: it uses all the others
};

}  // namespace hailstone::os
