// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// /api/bench as JSON. Pure.

#include <string>
#include <string_view>

#include "services/library/bench/task.hpp"

namespace hailstone::bench {

/// Throws Error(kBadRequest) that names the field.
Task parse_task(std::string_view body);

std::string write_progress(const Progress& progress);

/// The last line.
std::string write_result(const Result& result);

/// All that was measured.
std::string write_list(const Result& result);

}  // namespace hailstone::bench
