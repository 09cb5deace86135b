// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which packages dpkg says are installed.

#include <map>
#include <string>

#include "core/doctor/facts/box.hpp"

namespace hailstone::doctor {

/// Name to version, of those that have to do with the chip or with building its driver.
using Packages = std::map<std::string, std::string>;

Packages read_packages(const Box& box);

}  // namespace hailstone::doctor
