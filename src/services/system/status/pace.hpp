// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the state of the machine means for the work that comes in.

#include <optional>

#include "base/error.hpp"
#include "core/machine/monitor.hpp"
#include "core/runtime/runtime.hpp"

namespace hailstone::status {

struct PaceChoice {
  core::Pace pace;
  std::optional<Error> refusal;  ///< of new work
};

/// Heat stops batch work, then all; a lasting load makes the batch lane small. Pure.
PaceChoice choose_pace(const core::MachineStatus& status);

}  // namespace hailstone::status
