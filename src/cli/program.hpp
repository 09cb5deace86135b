// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// run_cli with everything that it takes from the process as arguments.

#include <string>
#include <vector>

#include "cli/cli.hpp"
#include "cli/term/console.hpp"
#include "core/config/environment.hpp"

namespace hailstone::cli {

/// arguments: without the program's name.
int run_program(const std::vector<std::string>& arguments, const core::Environment& environment,
                const Console& console, const CliHooks& hooks);

}  // namespace hailstone::cli
