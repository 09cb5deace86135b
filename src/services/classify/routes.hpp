// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/classify

namespace hailstone::http {
class Router;
}

namespace hailstone::classify {

class ClassifyService;

/// The service must outlive the router.
void add_classify_routes(http::Router& router, ClassifyService& service);

}  // namespace hailstone::classify
