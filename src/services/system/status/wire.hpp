// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The daemon's state as JSON. Pure.

#include <optional>
#include <string>

#include "services/system/status/task.hpp"

namespace hailstone::status {

std::string write_health(const Health& health);
/// The object that `hailstone config --json` prints, too.
std::string write_config(const InForce& in_force);
std::string write_resources(const Resources& resources);

/// {"status":"ok"} or "stuck", and the age of the last success in seconds. Names nothing: whoever
/// watches over the process has no key.
std::string write_live(const Liveness& liveness);

/// {"ready":true}, or with the reason why not.
std::string write_ready(const std::optional<std::string>& not_ready);

/// {"status":"ok"}, or the error that llama.cpp's server gives while it loads: clients of both wait
/// for it.
std::string write_status(const std::optional<std::string>& not_ready);

}  // namespace hailstone::status
