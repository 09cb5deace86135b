// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/create and /api/copy, DELETE /api/delete, HEAD and POST /api/blobs/{digest}.

namespace hailstone::http {
class Router;
}

namespace hailstone::library {

class LibraryService;

/// The service must outlive the router.
void add_library_routes(http::Router& router, LibraryService& service);

}  // namespace hailstone::library
