// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Threads that take turns at reading: who reads a job also does it, while the next one reads on. So
// a request's bytes stay with one core and nobody is woken on its way. Jobs have a queue per lane
// (a model's), so that many of one do not keep the others waiting.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "base/sync/mutex.hpp"

namespace hailstone::hosting {

struct Job {
  std::uint32_t lane = 0;
  std::function<void()> work;  ///< must not throw
};

struct CrewSize {
  std::size_t threads = 64;   ///< one reads
  std::size_t per_lane = 15;  ///< jobs of one lane at a time; further ones wait
};

class Crew {
 public:
  /// read: the next job; nothing: there will be no more. Of one thread at a time. It is called on
  /// also while all threads work; what comes then waits.
  Crew(CrewSize size, const char* thread_name, std::function<std::optional<Job>()> read);

  /// Returns when there is no more work and all of it is done. Throws what read throws, likewise
  /// when all work is done. Once, on a thread that becomes one of the crew.
  void run();

 private:
  void serve();
  std::optional<Job> next();
  std::optional<Job> take_turn(UniqueLock& lock) HAILSTONE_REQUIRES(mutex_);
  /// Without the lock meanwhile, which the compiler does not see.
  std::optional<Job> read_one(UniqueLock& lock) HAILSTONE_UNCHECKED;
  std::deque<Job>::iterator find_waiting() HAILSTONE_REQUIRES(mutex_);
  bool has_room(std::uint32_t lane) const HAILSTONE_REQUIRES(mutex_);
  void begin(const Job& job) HAILSTONE_REQUIRES(mutex_);
  void end(std::uint32_t lane) HAILSTONE_REQUIRES(mutex_);
  bool ensure_idle() HAILSTONE_REQUIRES(mutex_);

  const CrewSize size_;
  const char* const thread_name_;
  const std::function<std::optional<Job>()> read_;

  Mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> backlog_ HAILSTONE_GUARDED_BY(mutex_);
  std::map<std::uint32_t, std::size_t> busy_lanes_ HAILSTONE_GUARDED_BY(mutex_);  // jobs under way
  std::size_t working_ HAILSTONE_GUARDED_BY(mutex_) = 0;                          // threads
  bool has_reader_ HAILSTONE_GUARDED_BY(mutex_) = false;
  bool has_ended_ HAILSTONE_GUARDED_BY(mutex_) = false;
  std::exception_ptr failure_ HAILSTONE_GUARDED_BY(mutex_);
  std::vector<std::jthread> threads_
      HAILSTONE_GUARDED_BY(mutex_);  // until the end; besides run()'s
};

}  // namespace hailstone::hosting
