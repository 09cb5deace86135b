// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/pose

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::pose {

class PoseService;

/// The service must outlive it.
picture::VisionTask make_task(const PoseService& service);

}  // namespace hailstone::pose
