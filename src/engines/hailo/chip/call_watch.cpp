// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/chip/call_watch.hpp"

#include <utility>

#include "os/thread_name.hpp"

namespace hailstone::engines::hailo {

CallWatch::CallWatch(std::function<void(const std::string&)> on_stuck)
    : on_stuck_(std::move(on_stuck)), thread_([this](const std::stop_token& stop) {
        os::set_thread_name("hailo-watch");
        watch(stop);
      }) {}

CallWatch::Call::Call(CallWatch& watch, std::string doing, std::chrono::seconds limit)
    : watch_(watch), doing_(std::move(doing)), limit_(limit) {
  bool is_first = false;
  {
    const std::lock_guard lock(watch_.mutex_);
    place_ = watch_.calls_.emplace(system_clock().now() + limit, this);
    is_first = place_ == watch_.calls_.begin();
  }
  if (is_first) watch_.changed_.notify_one();
}

CallWatch::Call::~Call() {
  const std::lock_guard lock(watch_.mutex_);
  watch_.calls_.erase(place_);
}

void CallWatch::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (calls_.empty()) {
      changed_.wait(lock, stop, [this] { return !calls_.empty(); });
      continue;
    }
    const SteadyTime next = calls_.begin()->first;
    if (system_clock().now() < next) {
      changed_.wait_until(lock, stop, next,
                          [&] { return calls_.empty() || calls_.begin()->first < next; });
      continue;
    }
    const Call& stuck = *calls_.begin()->second;
    const std::string what = stuck.doing_ + " for " + std::to_string(stuck.limit_.count()) + " s";
    lock.unlock();
    on_stuck_(what);
    return;
  }
}

}  // namespace hailstone::engines::hailo
