// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/faces; GET, POST, PATCH, PUT and DELETE /api/faces/people

#include "base/clock.hpp"

namespace hailstone::http {
class Router;
}

namespace hailstone::faces {

class FaceService;

/// The service and the clock must outlive the router.
void add_face_routes(http::Router& router, FaceService& service,
                     const Clock& clock = system_clock());

}  // namespace hailstone::faces
