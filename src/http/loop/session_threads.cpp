// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/session_threads.hpp"

#include <string>

#include "os/thread_name.hpp"

namespace hailstone::http {

std::optional<SessionThreads::Place> SessionThreads::find_place() {
  const MutexLock lock(mutex_);
  if (taken_ >= limit_) return std::nullopt;
  ++taken_;
  return Place(this);
}

void SessionThreads::give_back() {
  const MutexLock lock(mutex_);
  --taken_;
}

void SessionThreads::start(Place place, std::function<void()> body) {
  Threads ended;
  {
    const MutexLock lock(mutex_);
    const auto self = threads_.emplace(threads_.end());
    const auto name = "session-" + std::to_string(++started_);
    try {
      *self = std::thread(
          [this, self, name, place = std::move(place), body = std::move(body)]() mutable {
            os::set_thread_name(name.c_str());
            {
              const Place kept = std::move(place);
              std::exchange(body, nullptr)();
            }
            const MutexLock ending(mutex_);
            ended_.splice(ended_.end(), threads_, self);
            has_ended_.notify_all();
          });
    } catch (...) {
      threads_.erase(self);
      throw;
    }
    ended.swap(ended_);
  }
  for (auto& thread : ended) thread.join();
}

void SessionThreads::stop() {
  UniqueLock lock(mutex_);
  while (!threads_.empty() || !ended_.empty()) {
    if (ended_.empty()) {
      has_ended_.wait(lock.native());
      continue;
    }
    Threads ended;
    ended.swap(ended_);
    lock.unlock();
    for (auto& thread : ended) thread.join();
    lock.lock();
  }
}

}  // namespace hailstone::http
