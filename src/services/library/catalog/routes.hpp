// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// GET /api/catalog.

namespace hailstone::http {
class Router;
}

namespace hailstone::catalog {

class CatalogService;

/// The service must outlive the router.
void add_catalog_routes(http::Router& router, CatalogService& service);

}  // namespace hailstone::catalog
