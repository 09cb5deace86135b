// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/analyze: several vision tasks on one picture, which is decoded once.

#include <vector>

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::analyze {

/// tasks: those that may be asked for.
void add_analyze_route(http::Router& router, std::vector<picture::VisionTask> tasks);

}  // namespace hailstone::analyze
