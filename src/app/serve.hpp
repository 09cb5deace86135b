// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The daemon: builds everything, runs until a signal, takes everything down in order.

#include "core/config/settings.hpp"

namespace hailstone::app {

/// Blocks until SIGTERM or SIGINT. Returns the exit code. Throws Error where it cannot start.
int serve(const core::Settings& settings);

}  // namespace hailstone::app
