// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/stall/guard.hpp"

#include <utility>

#include "base/clock.hpp"
#include "os/thread_name.hpp"

namespace hailstone::engines::llama {

StallGuard::StallGuard(StallLimits limits, std::function<os::ProcessActivity()> activity,
                       std::function<void()> kill)
    : limits_(limits),
      activity_(std::move(activity)),
      kill_(std::move(kill)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

void StallGuard::Request::take() {
  if (std::exchange(is_waiting_, false)) guard_.count(-1);
}

void StallGuard::Request::await() {
  if (!std::exchange(is_waiting_, true)) guard_.count(1);
}

void StallGuard::count(int waiting) {
  const std::lock_guard lock(mutex_);
  waiting_ += waiting;
  ++signs_;  // also of a request that has just been sent: its time begins now
}

void StallGuard::open() {
  const std::lock_guard lock(mutex_);
  ++requests_;
  is_at_rest_ = false;
  changed_.notify_all();
}

void StallGuard::close() {
  const std::lock_guard lock(mutex_);
  --requests_;
}

std::optional<std::string> StallGuard::verdict() const {
  const std::lock_guard lock(mutex_);
  return verdict_;
}

void StallGuard::watch(const std::stop_token& stop) {
  os::set_thread_name("llama-guard");
  StallJudge judge(limits_);
  SteadyTime last = system_clock().now();
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !is_at_rest_; })) {
    changed_.wait_for(lock, stop, limits_.interval(), [] { return false; });
    if (stop.stop_requested()) return;
    StallLook look{{}, waiting_ > 0, signs_, {}, requests_ > 0};
    lock.unlock();
    const SteadyTime time = system_clock().now();
    look.elapsed = time - std::exchange(last, time);
    look.activity = activity_();
    auto verdict = judge.look(look);
    lock.lock();
    if (!verdict) {
      is_at_rest_ = requests_ == 0 && judge.is_at_rest();
      continue;
    }
    verdict_ = std::move(verdict);
    lock.unlock();
    return kill_();
  }
}

}  // namespace hailstone::engines::llama
