// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/backoff.hpp"

#include <algorithm>

namespace hailstone {

void Backoff::note_start() noexcept {
  crashes_ = crashes();
  running_ = true;
  started_ = clock_->now();
}

void Backoff::note_crash() noexcept {
  crashes_ = crashes() + 1;
  running_ = false;
  std::chrono::nanoseconds delay{0};
  if (crashes_ > 1) {
    delay = policy_.first;
    for (int i = 2; i < crashes_ && delay < policy_.longest; ++i) delay *= 2;
  }
  next_start_ = clock_->now() + std::min(delay, policy_.longest);
}

std::chrono::nanoseconds Backoff::wait() const noexcept {
  if (crashes_ == 0) return std::chrono::nanoseconds(0);
  return std::max(std::chrono::nanoseconds(next_start_ - clock_->now()),
                  std::chrono::nanoseconds(0));
}

int Backoff::crashes() const noexcept {
  return was_healthy() ? 0 : crashes_;
}

bool Backoff::was_healthy() const noexcept {
  return running_ && clock_->now() - started_ >= policy_.healthy_after;
}

}  // namespace hailstone
