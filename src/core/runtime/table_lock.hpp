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
#include "core/runtime/loaded_model.hpp"

namespace hailstone::core {

struct TableMutex {
  std::mutex mutex;
  Graveyard graveyard;
};

/// Of one thread. Locked at first.
class TableLock {
 public:
  explicit TableLock(TableMutex& table) : table_(table), lock_(table.mutex) {}
  ~TableLock() {
    if (lock_.owns_lock()) unlock();
  }
  TableLock(const TableLock&) = delete;
  TableLock& operator=(const TableLock&) = delete;

  void lock() { lock_.lock(); }
  /// Then does what had to wait for it: on return the memory of models that went is back.
  void unlock() {
    const auto dead = table_.graveyard.take();
    const auto calls = std::exchange(calls_, {});
    lock_.unlock();
    for (const auto& call : calls) call();
  }

  /// Calls it as soon as the lock is released. What it needs it holds itself.
  void later(std::function<void()> call) { calls_.push_back(std::move(call)); }

  bool has_work() const noexcept { return !calls_.empty() || !table_.graveyard.is_empty(); }

  /// May return early: the caller looks again.
  template <typename Predicate>
  void wait(std::condition_variable_any& changed, const std::stop_token& stop, SteadyTime until,
            Predicate&& is_done) {
    if (has_work()) {
      unlock();
      lock();
    } else if (until == SteadyTime::max()) {
      changed.wait(lock_, stop, std::forward<Predicate>(is_done));
    } else {
      changed.wait_until(lock_, stop, until, std::forward<Predicate>(is_done));
    }
  }

 private:
  TableMutex& table_;
  std::unique_lock<std::mutex> lock_;
  std::vector<std::function<void()>> calls_;
};

}  // namespace hailstone::core
