// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the texts of a flag, a variable or the file to the typed value of a setting, and back.

#include <string>
#include <vector>

#include "core/config/environment.hpp"
#include "core/config/settings.hpp"

namespace hailstone::core {

using Texts = std::vector<std::string>;

/// Throws Error(kBadRequest) with a message that fits behind "SOURCE: SETTING: ".
void parse_value(const Setting& setting, const Texts& texts, const Environment& environment,
                 Settings& settings);

/// As it could stand in a variable.
std::string value_text(const Setting& setting, const Settings& settings);

}  // namespace hailstone::core
