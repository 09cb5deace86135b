// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Classification requests and their results. Pure.

#include <string>

#include "services/vision/classify/task.hpp"

namespace hailstone::classify {

/// Fields: "model", "max", "threshold" (also "confidence", "min_confidence"), "labels", "template".
/// Throws Error(kBadRequest) that names the field.
Task parse_task(const picture::PictureRequest& request);

/// [{"label":"tabby","confidence":0.83}]
std::string write_plain(const Result& result);

}  // namespace hailstone::classify
