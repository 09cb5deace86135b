// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/detect

namespace hailstone::http {
class Router;
}
namespace hailstone::picture {
class ObjectFinder;
}

namespace hailstone::detect {

/// The finder must outlive the router.
void add_detect_routes(http::Router& router, picture::ObjectFinder& finder);

}  // namespace hailstone::detect
