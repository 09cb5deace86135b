// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a worker says, in a file of its own that never grows beyond bounds: `log`, and before that
// `log.1`.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "base/sync/mutex.hpp"

namespace hailstone::hosting {

/// Thread-safe.
class WorkerLog {
 public:
  static constexpr std::uint64_t kMostBytes = 1 << 20;

  /// Goes on where the file ends. Throws nothing: a log that cannot be written is not there.
  explicit WorkerLog(std::filesystem::path file);

  /// One line without its end; the time is put before it.
  void write(std::string_view line);

 private:
  void open(std::ios::openmode mode) HAILSTONE_REQUIRES(mutex_);

  const std::filesystem::path file_;
  Mutex mutex_;
  std::ofstream stream_ HAILSTONE_GUARDED_BY(mutex_);
  std::uint64_t bytes_ HAILSTONE_GUARDED_BY(mutex_) = 0;
};

}  // namespace hailstone::hosting
