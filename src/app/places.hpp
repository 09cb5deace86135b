// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where this program looks for models, tables, languages and engines, and why there.

#include <filesystem>
#include <vector>

#include "core/config/environment.hpp"
#include "core/config/settings.hpp"
#include "services/system/status/places.hpp"

namespace hailstone::app {

/// program: the running executable.
std::vector<status::Place> find_places(const core::Settings& settings,
                                       const core::Environment& environment,
                                       const std::filesystem::path& program);

/// The variables that decide it, set or not.
std::vector<status::Variable> find_variables(const core::Environment& environment);

}  // namespace hailstone::app
