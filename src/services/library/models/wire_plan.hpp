// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/models/plan: would the model fit, who would go, how long would it take. Pure.

#include <string>
#include <string_view>

#include "services/library/models/task.hpp"

namespace hailstone::models {

/// Throws Error(kBadRequest) naming the field.
PlanTask parse_plan(std::string_view body);

std::string write_plan(const std::string& model, const core::LoadForecast& forecast);

}  // namespace hailstone::models
