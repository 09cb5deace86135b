// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/segment

namespace hailstone::http {
class Router;
}
namespace hailstone::picture {
class ObjectFinder;
}

namespace hailstone::segment {

/// The finder must outlive the router.
void add_segment_routes(http::Router& router, picture::ObjectFinder& finder);

}  // namespace hailstone::segment
