// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The main() of every engine host: serves one engine to the daemon that started it.

#include "hosting/host_server.hpp"
#include "inference/engine.hpp"

namespace hailstone::hosting {

/// The socket's number in a host; the daemon puts it there.
inline constexpr int kHostSocket = 3;

/// Returns when the daemon closes the socket: the process's exit status. What is written to stdout
/// goes to stderr, where the daemon's log picks it up.
int host_main(inference::Engine& engine, ServerOptions options = {}) noexcept;

}  // namespace hailstone::hosting
