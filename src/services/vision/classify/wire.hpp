// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Classification requests and their results. Pure.

#include <string>
#include <vector>

#include "services/vision/classify/task.hpp"

namespace hailstone::classify {

/// The names of the options that are read.
std::vector<std::string> task_options();

/// Fields: "model", "max", "threshold" (also "confidence", "min_confidence"), "labels", "template".
/// Throws Error(kBadRequest) that names the field.
Task parse_task(const picture::PictureRequest& request);

/// [{"label":"tabby","confidence":0.83}]
std::string write_plain(const Result& result);

}  // namespace hailstone::classify
