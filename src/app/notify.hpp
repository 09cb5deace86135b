// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What systemd is told (sd_notify). Without systemd these do nothing.

#include <string>

namespace hailstone::app {

void notify_ready(const std::string& status);
void notify_stopping();

}  // namespace hailstone::app
