// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Workers that look at pictures, for those that ask several about one picture, or a detector by
// its name.

#include <optional>
#include <string>
#include <vector>

#include "services/vision/picture/objects.hpp"
#include "services/vision/picture/vision_task.hpp"

namespace hailstone::workers {

class WorkerService;

/// A task for each worker whose file says that it looks at pictures.
std::vector<picture::VisionTask> vision_tasks(WorkerService& service);

/// Names of those whose results are like those of POST /api/detect.
std::vector<std::string> detector_names(WorkerService& service);

/// What the detector of that name finds; nothing where there is none. Blocks. Throws what the
/// worker throws, and kEngineFailed for a result that is no list of objects.
std::optional<picture::ObjectResult> find_objects(WorkerService& service, const std::string& name,
                                                  picture::Photo& photo, const RunContext& run);

}  // namespace hailstone::workers
