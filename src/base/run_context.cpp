// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/run_context.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

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

void pause(std::chrono::nanoseconds time, const RunContext& run) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  const Deadline end = Deadline::in(time).earlier(run.deadline);
  never.wait_until(lock, run.stop, end.time(), [] { return false; });
  run.check();
}

}  // namespace hailstone
