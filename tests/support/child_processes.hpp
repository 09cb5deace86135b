// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What tests of engine hosts look at: our children, and what happens promptly but not at once.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/run_context.hpp"

namespace hailstone::test_support {

/// Of all our threads.
inline std::vector<pid_t> child_processes() {
  std::vector<pid_t> children;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
    std::ifstream file(task.path() / "children");
    for (pid_t pid = 0; file >> pid;) children.push_back(pid);
  }
  return children;
}

/// Bounded: a minute is enough for what should be quick, on a busy machine under a sanitizer too.
template <typename Condition>
bool comes_true(Condition&& condition) {
  const Deadline limit = Deadline::in(std::chrono::seconds(60));
  while (!condition()) {
    if (limit.has_passed()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace hailstone::test_support
