// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What systemd is told (sd_notify). Without systemd these do nothing.

#include <chrono>
#include <optional>
#include <string>

namespace hailstone::app {

void notify_ready(const std::string& status);
void notify_stopping();
/// Feeds the watchdog.
void notify_alive();
/// A service that says nothing for this long is killed. Nothing: no watchdog is set for us.
std::optional<std::chrono::microseconds> watchdog_limit();

}  // namespace hailstone::app
