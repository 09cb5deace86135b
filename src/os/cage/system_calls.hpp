// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// seccomp: which system calls a process may make. Engines differ too much for a list of what they
// may do, so this is one of what they never need.

#include <linux/filter.h>

#include <vector>

#include "os/cage/cage.hpp"

namespace hailstone::os {

/// Whether this kernel filters system calls.
bool has_call_filters() noexcept;

/// A program for the kernel, of a few dozen steps.
std::vector<sock_filter> call_filter(Network network);

/// Between fork() and exec(), with no_new_privs. Returns 0 or the error's number.
int restrict_calls(const std::vector<sock_filter>& filter) noexcept;

}  // namespace hailstone::os
