// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/system/status/pace.hpp"

namespace hailstone::status {
namespace {

/// A board without a fan needs about that long to lose a few degrees.
constexpr std::chrono::seconds kTimeToCool{30};

Error too_hot(const core::MachineStatus& status) {
  std::string detail;
  const auto* hottest = core::find_hottest(status.reading);
  if (hottest != nullptr && status.limits.hard) {
    const double enough = status.limits.hard->degrees - core::kHeatHysteresis.degrees;
    detail = to_string(hottest->temperature) + " now; work is taken again below " +
             to_string(Celsius{enough});
  }
  return Error(ErrorCode::kBusy, "too hot for new work: " + status.heat_reason, detail)
      .set_retry_after(kTimeToCool);
}

}  // namespace

PaceChoice choose_pace(const core::MachineStatus& status) {
  if (status.heat == core::Heat::kHot) return {core::Pace::kNoWork, too_hot(status)};
  if (status.heat == core::Heat::kWarm) return {core::Pace::kNoBatch, std::nullopt};
  if (status.is_loaded) return {core::Pace::kLessBatch, std::nullopt};
  return {core::Pace::kFull, std::nullopt};
}

}  // namespace hailstone::status
