// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What processes and the machine take of memory, from /proc.

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "base/byte_size.hpp"

namespace hailstone::os {

struct ProcessMemory {
  ByteSize rss;  ///< resident; pages shared by several processes count in each
  ByteSize pss;  ///< proportional: a page shared by n processes counts 1/n in each
};

/// Of the process and its descendants together. Nothing if there is no such process (any more).
std::optional<ProcessMemory> find_process_memory(pid_t pid);

/// Its direct children, whichever of its threads started them.
std::vector<pid_t> children_of(pid_t pid);

/// Of this process alone.
ByteSize own_rss();

/// From now on what this process frees stays its own, but for blocks larger than largest, and for
/// what is free at the end of the heap beyond at_the_end. One arena serves all threads: others
/// could keep as much each, and what is free at their ends cannot be given back by malloc_trim().
/// Call it before there are threads.
void keep_freed_memory(ByteSize largest, ByteSize at_the_end) noexcept;

struct MachineMemory {
  ByteSize total;
  ByteSize available;  ///< what can be taken without swapping
};

/// root: where /proc is found. Throws Error(kInternal) where it is not there.
MachineMemory read_machine_memory(const std::filesystem::path& root = "/");

}  // namespace hailstone::os
