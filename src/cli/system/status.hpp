// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `hailstone status`: the service at a glance.

#include "cli/commands.hpp"

namespace hailstone::doctor {
class Box;
}

namespace hailstone::cli {

struct StatusRequest {
  bool json = false;
  int lines = 5;  ///< of the journal, where there is one
};

enum class ServiceState { kWell, kDegraded, kAbsent };

/// box: where the unit and its journal are asked for. Throws RefusedError and the like, but for a
/// service that is not there.
ServiceState show_status(const CommandContext& context, const StatusRequest& request,
                         const doctor::Box& box);

}  // namespace hailstone::cli
