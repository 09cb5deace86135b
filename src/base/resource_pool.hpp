// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A few things of one kind that are dear to make, keep memory, and serve one user at a time.

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone {

/// Thread-safe. The pool outlives its leases.
template <typename Thing>
class ResourcePool {
 public:
  using Make = std::function<std::unique_ptr<Thing>()>;

  /// Gives the thing back when it goes. A value; moves only.
  class Lease {
   public:
    Lease(ResourcePool& pool, std::unique_ptr<Thing> thing)
        : pool_(&pool), thing_(std::move(thing)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (thing_ != nullptr) pool_->give_back(std::move(thing_));
    }
    Thing& operator*() const noexcept { return *thing_; }
    Thing* operator->() const noexcept { return thing_.get(); }

   private:
    ResourcePool* pool_;
    std::unique_ptr<Thing> thing_;  // null: moved away
  };

  /// make is called when all that there are are in use and there are not yet as many; on the thread
  /// that acquires.
  ResourcePool(std::size_t most, Make make) : most_(most), make_(std::move(make)) {
    idle_.reserve(most);
  }

  /// Blocks until one is free. Throws Error(kTimeout), Error(kCancelled), and what make throws.
  Lease acquire(const RunContext& run) {
    std::unique_lock lock(mutex_);
    const auto is_possible = [this] { return !idle_.empty() || made_ < most_; };
    if (run.deadline.is_never()) {
      changed_.wait(lock, run.stop, is_possible);
    } else {
      changed_.wait_until(lock, run.stop, run.deadline.time(), is_possible);
    }
    run.check();
    if (!idle_.empty()) {
      auto thing = std::move(idle_.back());
      idle_.pop_back();
      return Lease(*this, std::move(thing));
    }
    ++made_;
    lock.unlock();
    return make_one();
  }

 private:
  Lease make_one() {
    Place place(*this);
    auto thing = make_();
    place.is_taken = true;
    return Lease(*this, std::move(thing));
  }

  /// Counts a thing that could not be made off again.
  struct Place {
    explicit Place(ResourcePool& owner) : pool(owner) {}
    ~Place() {
      if (is_taken) return;
      const std::lock_guard lock(pool.mutex_);
      --pool.made_;
      pool.changed_.notify_one();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ResourcePool& pool;
    bool is_taken = false;
  };

  void give_back(std::unique_ptr<Thing> thing) noexcept {
    {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(thing));
    }
    changed_.notify_one();
  }

  const std::size_t most_;
  const Make make_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::unique_ptr<Thing>> idle_;  // guarded by mutex_
  std::size_t made_ = 0;                      // guarded by mutex_
};

}  // namespace hailstone
