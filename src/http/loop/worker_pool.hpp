// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The threads on which handlers run. They are started when there is work for them and end when
// there has been none for a while. Work (Cost::kWork) may hold only a part of them, so that a quick
// request always finds one; who of those that work has an engine is not decided here.
//
// Most jobs take microseconds or wait for an engine. While fewer cores are free than jobs, more
// threads only take turns and hold each other up; so no more jobs than cores begin at once. One
// that goes on for longer is taken to be waiting, and counts no longer.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/sync/mutex.hpp"
#include "http/router.hpp"

namespace hailstone::http {

class Job {
 public:
  virtual ~Job() = default;
  virtual void run() noexcept = 0;
};

struct PoolLimits {
  int max_workers = 64;
  int max_work = 48;  ///< jobs of Cost::kWork at once; further ones are refused
  int max_fresh = 0;  ///< jobs in their first moments at once; zero: a core is left to the loop
  /// How long those are: a handler that computes is done long before, one that waits is not.
  std::chrono::milliseconds fresh_time{1};
  std::chrono::milliseconds idle_time{10'000};  ///< after it a thread without work ends
  std::string thread_name = "work";             ///< "work-1"
};

/// Thread-safe.
class WorkerPool {
 public:
  explicit WorkerPool(PoolLimits limits);
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  enum class Admission { kTaken, kQueueFull };
  Admission submit(std::shared_ptr<Job> job, Cost cost);

  /// Takes a job back that no worker has begun. False if one has, or if it is not here.
  bool withdraw(const Job* job);

  /// Waits for the jobs that run, drops those that wait, and takes no more.
  void stop();

  /// Threads, for tests.
  std::size_t size() const;

 private:
  struct Item {
    std::shared_ptr<Job> job;
    Cost cost;
  };
  /// A worker that waits. It lies on the worker's stack.
  struct Idle {
    std::condition_variable wake;
    bool is_woken = false;
  };
  /// A job that runs. It lies on the worker's stack.
  struct Running {
    SteadyTime begun;
    bool is_fresh = true;
  };
  using Threads = std::list<std::thread>;

  void wake_if_useful() HAILSTONE_REQUIRES(mutex_);
  void wake_one() HAILSTONE_REQUIRES(mutex_);
  void work(Threads::iterator self);
  void run_next(UniqueLock& lock) HAILSTONE_UNCHECKED;  // unlocks meanwhile
  bool wait_for_item(UniqueLock& lock) HAILSTONE_REQUIRES(mutex_);
  bool has_ready() const noexcept HAILSTONE_REQUIRES(mutex_) {
    return !quick_.empty() || !work_.empty();
  }
  bool may_begin() const noexcept HAILSTONE_REQUIRES(mutex_) {
    return has_ready() && fresh_ < limits_.max_fresh;
  }
  Item take_next() HAILSTONE_REQUIRES(mutex_);
  void find_waiting_jobs() HAILSTONE_REQUIRES(mutex_);
  void join_ended(UniqueLock& lock) HAILSTONE_UNCHECKED;  // likewise

  const PoolLimits limits_;
  mutable Mutex mutex_;
  // Each will find a worker. They take turns, so that neither waits for a burst of the other.
  std::deque<Item> quick_ HAILSTONE_GUARDED_BY(mutex_);
  std::deque<Item> work_ HAILSTONE_GUARDED_BY(mutex_);
  bool is_turn_of_work_ HAILSTONE_GUARDED_BY(mutex_) = false;
  int work_count_ HAILSTONE_GUARDED_BY(mutex_) = 0;  // in work_ or running
  std::vector<Idle*> idle_ HAILSTONE_GUARDED_BY(
      mutex_);  // the last one is woken first: its caches are warm, others may end
  Threads threads_ HAILSTONE_GUARDED_BY(mutex_);
  Threads ended_ HAILSTONE_GUARDED_BY(mutex_);  // to be joined
  std::vector<Running*> running_ HAILSTONE_GUARDED_BY(mutex_);
  int fresh_ HAILSTONE_GUARDED_BY(mutex_) = 0;  // of running_
  bool is_waking_ HAILSTONE_GUARDED_BY(mutex_) =
      false;  // a worker has been woken and has not looked yet
  bool is_watched_ HAILSTONE_GUARDED_BY(mutex_) = false;  // an idle worker looks again soon
  bool is_stopping_ HAILSTONE_GUARDED_BY(mutex_) = false;
  unsigned started_ HAILSTONE_GUARDED_BY(mutex_) = 0;  // numbers the threads' names
};

}  // namespace hailstone::http
