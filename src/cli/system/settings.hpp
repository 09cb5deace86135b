// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `hailstone config` without flags: what the running service was started with.

#include "cli/commands.hpp"

namespace hailstone::cli {

/// False where nobody tells: no service there, or one that has no such route. Then the reason is on
/// err, and what this shell would start is for the caller to print.
bool print_settings_in_force(const CommandContext& context, Output output);

}  // namespace hailstone::cli
