// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From readings to a judgement: may the machine take more work? Pure; time comes with the readings.

#include <optional>
#include <string>
#include <vector>

#include "base/celsius.hpp"
#include "base/clock.hpp"
#include "core/machine/readings.hpp"
#include "core/machine/throttling.hpp"

namespace hailstone::core {

enum class Heat {
  kCool,
  kWarm,  ///< at the soft limit, or the firmware slows the cores down: batch work pauses
  kHot,   ///< at the hard limit: no new work
};

/// "cool", "warm", "hot".
std::string_view to_string(Heat heat) noexcept;

/// Nothing: no such limit.
struct HeatLimits {
  std::optional<Celsius> soft = Celsius{75};
  std::optional<Celsius> hard = Celsius{80};
};

/// A limit that was reached holds until the temperature is so much below it.
inline constexpr Celsius kHeatHysteresis{5};

struct MachineReading {
  std::vector<Thermometer> thermometers;
  std::optional<Throttling> throttling;  ///< nothing: no firmware that tells
  std::optional<double> cpu_load;        ///< 0 to 1, since the reading before
};

/// Of those that count; null if there is none.
const Thermometer* find_hottest(const MachineReading& reading) noexcept;

struct MachineChange {
  std::string what;  ///< "heat", "load", "throttling"
  std::string now;   ///< "warm"
  std::string reason;
};

class MachineJudge {
 public:
  explicit MachineJudge(HeatLimits limits) noexcept : limits_(limits) {}

  /// What this reading changes.
  std::vector<MachineChange> judge(const MachineReading& reading, SteadyTime now);

  Heat heat() const noexcept { return heat_; }
  /// Why it is not cool: "cpu-thermal has 82.5 °C, the limit is 80.0 °C".
  const std::string& heat_reason() const noexcept { return heat_reason_; }
  /// The cores have been busy for a while.
  bool is_loaded() const noexcept { return is_loaded_; }

 private:
  void judge_heat(const MachineReading& reading, std::vector<MachineChange>& changes);
  void judge_load(double load, SteadyTime now, std::vector<MachineChange>& changes);
  void judge_throttling(const MachineReading& reading, std::vector<MachineChange>& changes);

  const HeatLimits limits_;
  Heat heat_ = Heat::kCool;
  std::string heat_reason_;
  bool is_loaded_ = false;
  std::optional<SteadyTime> load_differs_since_;
  Throttling throttling_;
};

}  // namespace hailstone::core
