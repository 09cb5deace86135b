// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/machine/judge.hpp"

#include <cmath>
#include <utility>

#include "base/strings.hpp"

namespace hailstone::core {
namespace {

constexpr double kHighLoad = 0.8;
constexpr double kLowLoad = 0.6;
/// A load that is over sooner is no reason to change anything.
constexpr std::chrono::seconds kSustained{30};

std::string percent(double load) {
  return std::to_string(std::lround(load * 100)) + " %";
}

/// Whether a limit is reached, or has been and is not left yet.
bool is_at(Celsius temperature, const std::optional<Celsius>& limit, bool was_at) noexcept {
  const double slack = was_at ? kHeatHysteresis.degrees : 0;
  return limit && temperature.degrees >= limit->degrees - slack;
}

struct Verdict {
  Heat heat = Heat::kCool;
  std::string reason;
};

Verdict verdict_of(const MachineReading& reading, const HeatLimits& limits, Heat before) {
  const auto* hottest = find_hottest(reading);
  const auto has = [&](const Celsius& limit) {
    return hottest->name + " has " + to_string(hottest->temperature) + ", the limit is " +
           to_string(limit);
  };
  if (hottest != nullptr) {
    const auto temperature = hottest->temperature;
    if (is_at(temperature, limits.hard, before == Heat::kHot)) {
      return {Heat::kHot, has(*limits.hard)};
    }
    if (is_at(temperature, limits.soft, before != Heat::kCool)) {
      return {Heat::kWarm, has(*limits.soft)};
    }
  }
  if (reading.throttling && reading.throttling->is_slowed()) {
    return {Heat::kWarm,
            "the firmware slows the cores down: " + join(reading.throttling->now(), ", ")};
  }
  if (hottest == nullptr) return {Heat::kCool, "no thermometer"};
  return {Heat::kCool, hottest->name + " has " + to_string(hottest->temperature)};
}

}  // namespace

std::string_view to_string(Heat heat) noexcept {
  switch (heat) {
    case Heat::kWarm:
      return "warm";
    case Heat::kHot:
      return "hot";
    default:
      return "cool";
  }
}

const Thermometer* find_hottest(const MachineReading& reading) noexcept {
  const Thermometer* hottest = nullptr;
  for (const auto& one : reading.thermometers) {
    if (!one.counts) continue;
    if (hottest == nullptr || one.temperature > hottest->temperature) hottest = &one;
  }
  return hottest;
}

std::vector<MachineChange> MachineJudge::judge(const MachineReading& reading, SteadyTime now) {
  std::vector<MachineChange> changes;
  judge_heat(reading, changes);
  judge_load(reading.cpu_load.value_or(0), now, changes);
  judge_throttling(reading, changes);
  return changes;
}

void MachineJudge::judge_heat(const MachineReading& reading, std::vector<MachineChange>& changes) {
  auto verdict = verdict_of(reading, limits_, heat_);
  if (std::exchange(heat_, verdict.heat) != verdict.heat) {
    changes.push_back({"heat", std::string(to_string(heat_)), verdict.reason});
  }
  heat_reason_ = heat_ == Heat::kCool ? std::string() : std::move(verdict.reason);
}

void MachineJudge::judge_load(double load, SteadyTime now, std::vector<MachineChange>& changes) {
  const bool is_high = load > (is_loaded_ ? kLowLoad : kHighLoad);
  if (is_high == is_loaded_) return load_differs_since_.reset();
  if (!load_differs_since_) load_differs_since_ = now;
  if (now - *load_differs_since_ < kSustained) return;
  load_differs_since_.reset();
  is_loaded_ = is_high;
  changes.push_back({"load", is_loaded_ ? "high" : "normal",
                     "the cores are " + percent(load) + " busy, and have been for " +
                         std::to_string(kSustained.count()) + " s"});
}

void MachineJudge::judge_throttling(const MachineReading& reading,
                                    std::vector<MachineChange>& changes) {
  const auto before = throttling_.now();
  throttling_ = reading.throttling.value_or(Throttling{});
  const auto now = throttling_.now();
  if (now == before) return;
  changes.push_back({"throttling", now.empty() ? "none" : join(now, ", "), "the firmware says so"});
}

}  // namespace hailstone::core
