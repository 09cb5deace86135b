// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/segment

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::segment {

class SegmentService;

/// The service must outlive it.
picture::VisionTask make_task(SegmentService& service);

}  // namespace hailstone::segment
