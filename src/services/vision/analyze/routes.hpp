// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/analyze: several vision tasks on one picture, which is decoded once.

#include <functional>
#include <vector>

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::analyze {

/// Tasks that come and go while the server runs.
using FindTasks = std::function<std::vector<picture::VisionTask>()>;

/// tasks: those that may be asked for; more: further ones, whose names are none of theirs. May be
/// null.
void add_analyze_route(http::Router& router, std::vector<picture::VisionTask> tasks,
                       FindTasks more = {});

}  // namespace hailstone::analyze
