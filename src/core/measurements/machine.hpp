// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which kind of machine this is, so that figures of another one do not count here.

#include <string>
#include <string_view>

namespace hailstone::core {

/// From the text of /proc/cpuinfo: the processor's name; on ARM, where there is none, the board's
/// ("Raspberry Pi 5 Model B Rev 1.0"), else the part numbers of its cores. Pure.
std::string processor_in(std::string_view cpuinfo);

/// "Raspberry Pi 5 Model B Rev 1.0, 4 cores": the cores that this process may use.
std::string machine_name();

}  // namespace hailstone::core
