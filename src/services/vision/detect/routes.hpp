// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/detect

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::picture {
class ObjectFinder;
}

namespace hailstone::detect {

/// The finder must outlive it.
picture::VisionTask make_task(picture::ObjectFinder& finder);

}  // namespace hailstone::detect
