// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /v1/rerank.

namespace hailstone::http {
class Router;
}

namespace hailstone::rerank {

class RerankService;

/// The service must outlive the router.
void add_rerank_routes(http::Router& router, RerankService& service);

}  // namespace hailstone::rerank
