// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/depth

namespace hailstone::http {
class Router;
}

namespace hailstone::depth {

class DepthService;

/// The service must outlive the router.
void add_depth_routes(http::Router& router, DepthService& service);

}  // namespace hailstone::depth
