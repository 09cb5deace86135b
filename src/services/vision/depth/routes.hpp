// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/depth

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::depth {

class DepthService;

/// The service must outlive it.
picture::VisionTask make_task(DepthService& service);

}  // namespace hailstone::depth
