// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Commands that several findings recommend.

#include <string>
#include <vector>

#include "core/doctor/facts/packages.hpp"

namespace hailstone::doctor {

/// Builds the driver for this kernel, and from now on for each that comes.
std::vector<std::string> rebuild_driver(const Packages& packages);

/// A reboot does not take the power from the chip.
std::vector<std::string> cold_start();

/// Lets the service's user open the chip's node, under both its names.
std::vector<std::string> open_node(const std::string& user);

}  // namespace hailstone::doctor
