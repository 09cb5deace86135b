// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sockets that systemd has opened for this process (a socket unit), so that no client is lost while
// the service restarts.

#include "core/config/settings.hpp"
#include "http/server.hpp"

namespace hailstone::app {

/// Those named "https" (FileDescriptorName=) speak TLS, all others plain HTTP. Empty where the
/// service was started without sockets. Call once: they are ours from then on. Throws
/// Error(kBadRequest) for a socket that other machines reach where the settings have no API key,
/// and for one that is no TCP listener.
http::GivenSockets take_activated_sockets(const core::Settings& settings);

}  // namespace hailstone::app
