// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/run_context.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace hailstone {

std::chrono::nanoseconds Deadline::remaining(const Clock& clock) const noexcept {
  if (is_never()) return std::chrono::nanoseconds::max();
  return std::max(std::chrono::nanoseconds(time_ - clock.now()), std::chrono::nanoseconds(0));
}

void RunContext::check() const {
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "request canceled");
  if (deadline.has_passed()) throw Error(ErrorCode::kTimeout, "the request took too long");
}

}  // namespace hailstone
