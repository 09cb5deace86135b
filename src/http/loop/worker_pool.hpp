// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The threads on which handlers run. They are started when there is work for them and end when
// there has been none for a while. Work (Cost::kWork) may hold only a part of them, and waits in a
// queue of its own for that, so that a quick request never waits for an engine.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "http/router.hpp"

namespace hailstone::http {

class Job {
 public:
  virtual ~Job() = default;
  virtual void run() noexcept = 0;
};

struct PoolLimits {
  int max_workers = 64;
  int max_work = 48;
  int max_queue = 512;
  std::chrono::milliseconds idle_time{10'000};  ///< after it a thread without work ends
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

  /// Jobs of Cost::kWork that wait for their turn.
  std::size_t waiting() const;
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
  using Threads = std::list<std::thread>;

  void wake_one();
  void work(Threads::iterator self);
  bool wait_for_item(std::unique_lock<std::mutex>& lock);
  void admit_next();
  void join_ended(std::unique_lock<std::mutex>& lock);

  const PoolLimits limits_;
  mutable std::mutex mutex_;
  std::deque<Item> ready_;    // each will find a worker
  std::deque<Item> waiting_;  // kWork beyond max_work
  std::vector<Idle*> idle_;   // the last one is woken first: its caches are warm, others may end
  Threads threads_;
  Threads ended_;           // to be joined
  int admitted_work_ = 0;   // in ready_ or running
  bool is_waking_ = false;  // a worker has been woken and has not looked into ready_ yet
  bool is_stopping_ = false;
  unsigned started_ = 0;  // numbers the threads' names
};

}  // namespace hailstone::http
