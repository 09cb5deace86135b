// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/speed/speed_trend.hpp"

#include <algorithm>

namespace hailstone::core {
namespace {

constexpr std::size_t kPeriods = 36;  // six hours of steady work
constexpr std::chrono::hours kFresh{1};

}  // namespace

bool SpeedTrend::note(SteadyTime now, std::chrono::nanoseconds run) {
  bool has_ended = false;
  if (now - current_.begin >= kPeriod) {
    has_ended = current_.runs >= kFewestRuns;
    if (has_ended) whole_.push_back(current_);
    if (whole_.size() > kPeriods) whole_.pop_front();
    current_ = {now};
  }
  ++current_.runs;
  current_.fastest = std::min(current_.fastest, run);
  return has_ended;
}

std::optional<SpeedTrend::Figures> SpeedTrend::figures(SteadyTime now) const {
  if (whole_.empty() || now - whole_.back().begin > kFresh) return std::nullopt;
  const auto best =
      std::min_element(whole_.begin(), whole_.end(),
                       [](const Period& a, const Period& b) { return a.fastest < b.fastest; });
  Figures figures{whole_.back().fastest, best->fastest};
  figures.has_slowed = std::chrono::duration<double>(figures.now) >
                       std::chrono::duration<double>(figures.best) * kSlow;
  return figures;
}

}  // namespace hailstone::core
