// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the kernel tells about the machine: how hot it is and how busy. root is the root of the file
// system, for tests. What is missing or nonsense is left out; nothing here throws for it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/celsius.hpp"

namespace hailstone::core {

struct Thermometer {
  std::string name;  ///< "cpu-thermal"
  Celsius temperature;
  /// Whether the limits are meant for it. Boards name their zones "...-thermal". A PC's zones are
  /// called otherwise: it guards itself, and runs hotter than a board may.
  bool counts = true;
};

/// /sys/class/thermal.
std::vector<Thermometer> read_thermal_zones(const std::filesystem::path& root);

/// Of all cores together, since the start, in the kernel's ticks.
struct CpuTimes {
  std::uint64_t busy = 0;
  std::uint64_t total = 0;
};

/// The text of /proc/stat.
std::optional<CpuTimes> parse_cpu_times(std::string_view stat);
std::optional<CpuTimes> read_cpu_times(const std::filesystem::path& root);
/// 0 to 1; nothing where no time has passed.
std::optional<double> load_between(const CpuTimes& before, const CpuTimes& after) noexcept;

}  // namespace hailstone::core
