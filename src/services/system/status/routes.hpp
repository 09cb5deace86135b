// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// GET /api/health, /health, /health/live, /health/ready, /api/list-resources and /metrics.

namespace hailstone::http {
class Router;
}

namespace hailstone::status {

class SystemService;

/// The service must outlive the router.
void add_system_routes(http::Router& router, SystemService& service);

}  // namespace hailstone::status
