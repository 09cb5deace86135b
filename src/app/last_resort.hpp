// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The end of a daemon that does not come to its end: whatever is stuck, it is gone in time.

#include <chrono>
#include <filesystem>
#include <thread>

namespace hailstone::app {

/// From its construction on the process has so long to end in order; else it says so on stderr,
/// removes the folder and exits with status 1. Engines go with it (see os/child_process.hpp).
/// Its destructor calls it off.
class LastResort {
 public:
  LastResort(std::chrono::seconds limit, std::filesystem::path folder);

 private:
  std::jthread thread_;
};

}  // namespace hailstone::app
