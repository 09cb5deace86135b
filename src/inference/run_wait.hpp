// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Waiting for a condition as long as a run allows.

#include <condition_variable>
#include <mutex>

#include "base/run_context.hpp"

namespace hailstone {

/// Until the condition holds, `until` has come or the run is stopped; whether it holds.
template <typename Condition>
bool wait_until(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
                Deadline until, const std::stop_token& stop, Condition&& holds) {
  if (until.is_never()) return changed.wait(lock, stop, holds);
  return changed.wait_until(lock, stop, until.time(), holds);
}

/// Until the condition holds. Throws as RunContext::check does.
template <typename Condition>
void wait_for(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
              const RunContext& run, Condition&& holds) {
  wait_until(changed, lock, run.deadline, run.stop, holds);
  run.check();
}

}  // namespace hailstone
