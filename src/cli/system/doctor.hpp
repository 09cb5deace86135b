// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `hailstone doctor`: what is wrong with this machine, and which command repairs it.

#include <filesystem>
#include <string>

#include "cli/term/console.hpp"
#include "core/config/environment.hpp"

namespace hailstone::cli {

struct DoctorRequest {
  bool json = false;
  bool fix = false;           ///< print the commands alone; none is ever run
  bool all = false;           ///< also what could not be looked at
  std::filesystem::path box;  ///< a folder that stands in for this machine; empty: this machine
};

/// False where there is a problem. Throws what recorded_box() does.
bool run_doctor(const Console& console, const core::Environment& environment,
                const DoctorRequest& request);

}  // namespace hailstone::cli
