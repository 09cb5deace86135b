// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/bench and GET /api/bench.

namespace hailstone::http {
class Router;
}

namespace hailstone::bench {

class BenchService;

/// The service must outlive the router.
void add_bench_routes(http::Router& router, BenchService& service);

}  // namespace hailstone::bench
