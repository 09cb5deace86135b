// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/classify

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::classify {

class ClassifyService;

/// The service must outlive it.
picture::VisionTask make_task(ClassifyService& service);

}  // namespace hailstone::classify
