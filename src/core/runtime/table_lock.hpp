// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The lock on the runtime's table. Nothing is called or destroyed while it is held: models that
// nobody holds any more, lines for the log, counters and stop tokens wait until it is released.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/sync/mutex.hpp"
#include "core/runtime/loaded_model.hpp"

namespace hailstone::core {

class HAILSTONE_CAPABILITY("mutex") TableMutex {
 public:
  /// For the predicates of waits, which run with it held.
  void assert_held() const HAILSTONE_ASSERT_HELD() {}

  Graveyard graveyard;

 private:
  friend class TableLock;
  std::mutex mutex_;
};

/// Of one thread. Locked at first.
class HAILSTONE_SCOPED_CAPABILITY TableLock {
 public:
  explicit TableLock(TableMutex& table) HAILSTONE_ACQUIRE(table)
      : table_(table), lock_(table.mutex_) {}
  ~TableLock() HAILSTONE_RELEASE() {
    if (lock_.owns_lock()) unlock_and_work();
  }
  TableLock(const TableLock&) = delete;
  TableLock& operator=(const TableLock&) = delete;

  /// Releases it for a moment, so that what had to wait for that is done: on return the memory of
  /// models that went is back.
  void breathe() {
    without([] {});
  }
  /// The same, and calls it meanwhile.
  template <typename Call>
  void without(Call&& call) {
    unlock_and_work();
    call();
    lock_.lock();
  }

  /// Calls it as soon as the lock is released. What it needs it holds itself.
  void later(std::function<void()> call) { calls_.push_back(std::move(call)); }

  bool has_work() const noexcept { return !calls_.empty() || !table_.graveyard.is_empty(); }

  /// May return early: the caller looks again.
  template <typename Predicate>
  void wait(std::condition_variable_any& changed, const std::stop_token& stop, SteadyTime until,
            Predicate&& is_done) {
    if (has_work()) {
      breathe();
    } else if (until == SteadyTime::max()) {
      changed.wait(lock_, stop, std::forward<Predicate>(is_done));
    } else {
      changed.wait_until(lock_, stop, until, std::forward<Predicate>(is_done));
    }
  }

 private:
  void unlock_and_work() {
    const auto dead = table_.graveyard.take();
    const auto calls = std::exchange(calls_, {});
    lock_.unlock();
    for (const auto& call : calls) call();
  }

  TableMutex& table_;
  std::unique_lock<std::mutex> lock_;
  std::vector<std::function<void()>> calls_;
};

}  // namespace hailstone::core
