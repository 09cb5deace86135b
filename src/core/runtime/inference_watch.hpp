// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What runs on engines, when it last showed a sign of life, and when something last worked: what a
// health check needs in order not to lie.

#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "base/sync/mutex.hpp"

namespace hailstone::core {

struct InferenceFigures {
  int running = 0;
  /// Of what runs, the longest time without a sign of life.
  std::chrono::nanoseconds longest_silence{};
  /// Models whose run is silent for too long, or should have ended long ago.
  std::vector<std::string> stuck;
  /// By engine, the time since its last run that worked.
  std::map<std::string, std::chrono::nanoseconds> since_success;
};

/// Thread-safe.
class InferenceWatch {
 public:
  /// stall_limit: a longer silence is a stuck run.
  InferenceWatch(std::chrono::nanoseconds stall_limit, const Clock& clock) noexcept
      : stall_limit_(stall_limit), clock_(clock) {}

  /// One run on an engine, as long as it lives. Its functions are called by one thread.
  class Run {
   public:
    Run(InferenceWatch& watch, std::string engine, std::string model, Deadline deadline);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// The engine has made something. Until resume() it is the client that takes its time.
    void pause() noexcept { last_sign_ = SteadyTime::max(); }
    void resume() noexcept { last_sign_ = watch_.clock_.now(); }
    void succeed();

   private:
    friend class InferenceWatch;
    InferenceWatch& watch_;
    const std::string engine_;
    const std::string model_;
    const Deadline deadline_;
    std::atomic<SteadyTime> last_sign_;  // max: paused
  };

  InferenceFigures figures() const;

 private:
  bool is_stuck(const Run& run, std::chrono::nanoseconds silence, SteadyTime now) const noexcept;

  const std::chrono::nanoseconds stall_limit_;
  const Clock& clock_;
  mutable Mutex mutex_;
  std::set<const Run*> runs_ HAILSTONE_GUARDED_BY(mutex_);
  std::map<std::string, SteadyTime> worked_ HAILSTONE_GUARDED_BY(mutex_);  // by engine
};

}  // namespace hailstone::core
