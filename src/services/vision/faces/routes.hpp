// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/faces, and GET, POST, PATCH, PUT and DELETE /api/faces/people

#include "base/clock.hpp"
#include "services/vision/picture/vision_task.hpp"

namespace hailstone::http {
class Router;
}

namespace hailstone::faces {

class FaceService;

/// The service must outlive it.
picture::VisionTask make_task(FaceService& service);

/// The service and the clock must outlive the router.
void add_people_routes(http::Router& router, FaceService& service,
                       const Clock& clock = system_clock());

}  // namespace hailstone::faces
