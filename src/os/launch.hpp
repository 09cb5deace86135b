// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// fork and exec, for ChildProcess alone.

#include <sys/types.h>

#include "base/error.hpp"
#include "os/child_process.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::os {

struct Launched {
  pid_t pid = -1;
  UniqueFd pidfd;
  UniqueFd out;  ///< what it writes to stdout; empty without a callback for it
  UniqueFd err;
};

/// What keeps a program from being started: kBusy where the machine has not enough of something
/// just now, which is no fault of the program's; else kEngineFailed.
Error start_error(const std::string& what, int error_number);

/// The child dies with the calling thread. Throws as ChildProcess does, with nothing left behind.
Launched launch(const ChildOptions& options);

}  // namespace hailstone::os
