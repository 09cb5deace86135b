// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The signals that end or reload the daemon, as something that can be waited for.

#include <chrono>
#include <optional>

namespace hailstone::app {

/// Blocks SIGTERM, SIGINT and SIGHUP in this thread and in all threads started after it, and
/// ignores SIGPIPE. Call it in main before any thread exists.
void block_signals();

/// Waits for one of the blocked signals and gives its number; nothing after the limit.
std::optional<int> wait_for_signal(std::optional<std::chrono::milliseconds> limit);

/// Lets the next signal end the process at once. Engines end with it (see os/child_process.hpp).
void unblock_signals();

/// The kernel's default limit of 1024 open files is less than a busy daemon needs; takes what the
/// hard limit allows.
void raise_file_limit();

}  // namespace hailstone::app
