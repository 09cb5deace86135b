// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/circuit_breaker.hpp"

#include <algorithm>

namespace hailstone::core {

void CircuitBreaker::note_crash(const std::string& reason) {
  const SteadyTime now = clock_->now();
  if (!faulted_) {
    std::erase_if(times_, [&](SteadyTime time) { return now - time > policy_.window; });
  }
  times_.push_back(now);
  reason_ = reason;
  std::chrono::nanoseconds wait{};
  if (faulted_) {
    wait = std::min(fault_wait_ * 2, policy_.longest_wait);
  } else if (crashes() >= policy_.crashes) {
    faulted_ = true;
    wait = policy_.fault_wait;
  } else if (crashes() > 1) {
    wait = policy_.pause;
  }
  fault_wait_ = wait;
  next_start_ = now + std::chrono::duration_cast<SteadyTime::duration>(wait);
}

void CircuitBreaker::note_success() noexcept {
  times_.clear();
  reason_.clear();
  faulted_ = false;
  next_start_ = {};
}

std::chrono::nanoseconds CircuitBreaker::wait() const noexcept {
  if (times_.empty()) return std::chrono::nanoseconds(0);
  return std::max(std::chrono::nanoseconds(next_start_ - clock_->now()),
                  std::chrono::nanoseconds(0));
}

}  // namespace hailstone::core
