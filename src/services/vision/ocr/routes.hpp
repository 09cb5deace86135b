// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/ocr

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::ocr {

class OcrService;

/// The service must outlive it.
picture::VisionTask make_task(OcrService& service);

}  // namespace hailstone::ocr
