// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Landlock: which files a process may see. The kernel's header grows with each release and ours may
// be older than the kernel, so that its numbers are written down here.

#include <cstdint>
#include <string>
#include <vector>

#include "os/cage/cage.hpp"

namespace hailstone::os {

/// The version of Landlock's interface; 0: this kernel has none.
int landlock_version() noexcept;

enum class Access { kRead, kWrite, kDevice };

struct PathRule {
  std::string path;
  Access access;
};

/// What the cage says, with what every child needs of the system.
std::vector<PathRule> path_rules(const Cage& cage);

/// Between fork() and exec(), with no_new_privs. Returns 0 or the error's number.
int restrict_paths(const std::vector<PathRule>& rules, Network network) noexcept;

}  // namespace hailstone::os
