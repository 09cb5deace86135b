// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a process does anything: one that hangs takes no processor and reads no disk.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>

namespace hailstone::os {

/// Since each process began; both only grow, unless a descendant ends.
struct ProcessActivity {
  std::chrono::nanoseconds cpu_time{};  ///< of all threads
  std::uint64_t major_faults = 0;  ///< pages that were waited for, as from a file that is mapped
};

/// Of the process and its descendants together. Nothing if there is no such process (any more).
std::optional<ProcessActivity> find_process_activity(pid_t pid);

}  // namespace hailstone::os
