// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// GET and PUT /api/home: the devices that commands may name. POST /api/home/commands: what a
// command means.

#include "base/clock.hpp"

namespace hailstone::http {
class Router;
}

namespace hailstone::home {

class HomeStore;

/// The store outlives the router.
void add_home_routes(http::Router& router, HomeStore& store, const Clock& clock = system_clock());

}  // namespace hailstone::home
