// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// GET /api/wake: the wake words that are installed; as a WebSocket: sound in, calls out.

namespace hailstone::http {
class Router;
}

namespace hailstone::wake {

class WakeService;

/// The service outlives the router.
void add_wake_routes(http::Router& router, WakeService& service);

}  // namespace hailstone::wake
