// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Threads that take turns at reading: who reads a frame also does the work it asks for, while the
// next one reads on. So a request's bytes stay with one core and nobody is woken on its way.

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "hosting/protocol/frame.hpp"

namespace hailstone::hosting {

class Crew {
 public:
  /// read: the next piece of work; nothing: there will be no more. Of one thread at a time. It is
  /// called on also while all threads work; what comes then waits. work must not throw.
  Crew(std::size_t max_threads, const char* thread_name, std::function<std::optional<Frame>()> read,
       std::function<void(Frame&&)> work);

  /// Returns when there is no more work and all of it is done. Throws what read throws, likewise
  /// when all work is done. Once, on a thread that becomes one of the crew.
  void run();

 private:
  void serve();
  std::optional<Frame> next();
  std::optional<Frame> take_turn(std::unique_lock<std::mutex>& lock);
  std::optional<Frame> read_one(std::unique_lock<std::mutex>& lock);
  bool ensure_idle();

  const std::size_t max_threads_;
  const char* const thread_name_;
  const std::function<std::optional<Frame>()> read_;
  const std::function<void(Frame&&)> work_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Frame> backlog_;          // guarded by mutex_
  std::size_t working_ = 0;            // guarded by mutex_; threads
  bool has_reader_ = false;            // guarded by mutex_
  bool has_ended_ = false;             // guarded by mutex_
  std::exception_ptr failure_;         // guarded by mutex_
  std::vector<std::jthread> threads_;  // guarded by mutex_ until the end; besides run()'s
};

}  // namespace hailstone::hosting
