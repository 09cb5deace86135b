// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The doctor: what is wrong with this machine, what that means, and which command repairs it. It
// reads and never changes anything, and never opens the chip.

#include <span>
#include <string_view>

#include "core/doctor/checks/finding.hpp"
#include "core/doctor/facts/examination.hpp"

namespace hailstone::doctor {

struct Check {
  std::string_view id;        ///< "npu.versions"
  std::string_view looks_at;  ///< for help and the manual
  Findings (*look)(const Examination&);
};

/// In the order of cause and consequence: of two problems the first explains the second.
std::span<const Check> checks() noexcept;

/// What all checks find: problems first, then warnings, notes, and what is well; alike ones in the
/// order of the checks.
Findings examine(const Examination& examination);

}  // namespace hailstone::doctor
