// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A bounded number of threads that run what is handed to them, in order of arrival.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hailstone::hosting {

/// Threads are started when there is work for them. Thread-safe.
class WorkerPool {
 public:
  WorkerPool(std::size_t max_threads, const char* thread_name) noexcept
      : max_threads_(max_threads), thread_name_(thread_name) {}
  /// Runs what is queued, then ends.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// job must not throw.
  void post(std::function<void()> job);

 private:
  void work();

  const std::size_t max_threads_;
  const char* const thread_name_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  std::size_t idle_ = 0;                    // guarded by mutex_
  bool is_closing_ = false;                 // guarded by mutex_
  std::vector<std::jthread> threads_;       // guarded by mutex_ until closing
};

}  // namespace hailstone::hosting
