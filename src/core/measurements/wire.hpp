// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The file of the measurements: JSON. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "core/measurements/measurement.hpp"

namespace hailstone::core {

/// Throws Error(kBadRequest) for a text that is not such a file, of a later version of it, or with
/// a figure that nothing can have.
std::vector<Measurement> parse_measurements(std::string_view text);

/// parse_measurements gives the same again; times as microseconds.
std::string write_measurements(const std::vector<Measurement>& measurements);

}  // namespace hailstone::core
