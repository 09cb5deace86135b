// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The command line: `hailstone serve`, and a client of the service for everything else.

#include <functional>

#include "core/config/settings.hpp"

namespace hailstone::cli {

/// What the program does that a client cannot.
struct CliHooks {
  /// Runs the service until it is told to end; gives the exit code. May throw Error.
  std::function<int(const core::Settings&)> serve;
};

enum ExitCode : int {
  kOk = 0,
  kFailed = 1,       ///< the request, or the service, failed
  kUsage = 2,        ///< wrong arguments or configuration
  kUnreachable = 3,  ///< no service at that address
  kInterrupted = 130,
};

/// Does what the arguments say and gives the exit code. Throws nothing.
int run_cli(int argc, const char* const* argv, const CliHooks& hooks);

}  // namespace hailstone::cli
