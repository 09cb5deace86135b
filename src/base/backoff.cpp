// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/backoff.hpp"

#include <algorithm>

namespace hailstone {
namespace {

constexpr std::chrono::seconds kLongestPause{60};
constexpr std::chrono::seconds kHealthyAfter{60};

std::chrono::seconds pause_after(int crashes) noexcept {
  if (crashes <= 1) return std::chrono::seconds(0);
  const int doublings = std::min(crashes - 2, 6);
  return std::min(std::chrono::seconds(1 << doublings), kLongestPause);
}

}  // namespace

void Backoff::record_crash() noexcept {
  const SteadyTime now = clock_->now();
  // The pause itself is no time of health.
  if (crashes_ > 0 && now - std::max(last_crash_, may_start_) > kHealthyAfter) crashes_ = 0;
  ++crashes_;
  last_crash_ = now;
  may_start_ = now + pause_after(crashes_);
}

std::chrono::nanoseconds Backoff::remaining() const noexcept {
  if (crashes_ == 0) return {};
  return std::max(std::chrono::nanoseconds(may_start_ - clock_->now()),
                  std::chrono::nanoseconds(0));
}

}  // namespace hailstone
