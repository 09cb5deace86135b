// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/detect

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::detect {

class DetectService;

/// The service must outlive it.
picture::VisionTask make_task(const DetectService& service);

}  // namespace hailstone::detect
