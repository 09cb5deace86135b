// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a child and all that it starts may take together, where the kernel has limits only for each
// process or for all of a user: memory, the number of processes, the disk under a folder.

#include <sys/types.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/byte_size.hpp"

namespace hailstone::os {

struct ProcessLimits {
  std::optional<ByteSize> memory{};
  int processes = 0;               ///< zero: any number
  std::filesystem::path folder{};  ///< what it writes to; empty: none
  ByteSize folder_bytes{};

  bool is_any() const noexcept { return memory || processes > 0 || !folder.empty(); }
};

/// What of the limits is exceeded, for people: "took 3.1 GiB of memory, 1 GiB is allowed"; nothing
/// where all is well. leader: of a session of its own, as all our children are.
std::optional<std::string> find_excess(pid_t leader, const ProcessLimits& limits);

/// How many processes are in the session.
int count_session(pid_t leader);

/// Looks once a second. One thread.
class LimitWatch {
 public:
  /// on_excess: called on that thread, at most once; may not destroy the watch.
  LimitWatch(pid_t leader, ProcessLimits limits, std::function<void(std::string)> on_excess);
  ~LimitWatch() = default;
  LimitWatch(const LimitWatch&) = delete;
  LimitWatch& operator=(const LimitWatch&) = delete;

 private:
  void watch(const std::stop_token& stop);

  const pid_t leader_;
  const ProcessLimits limits_;
  const std::function<void(std::string)> on_excess_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // the last: it uses all the others
};

}  // namespace hailstone::os
