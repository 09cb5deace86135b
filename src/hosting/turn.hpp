// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One at a time does what takes long, without a mutex held; the others wait as long as they may.

#include <condition_variable>

#include "base/sync/mutex.hpp"
#include "inference/run_wait.hpp"

namespace hailstone::hosting {

/// Thread-safe.
class Turns {
 public:
  /// Whoever has it has the turn.
  class Turn {
   public:
    /// Waits. Throws as RunContext::check does.
    Turn(Turns& turns, const RunContext& run) : turns_(turns) {
      UniqueLock lock(turns_.mutex_);
      wait_for(turns_.ended_, lock.native(), run, [this] {
        turns_.mutex_.assert_held();
        return !turns_.is_taken_;
      });
      turns_.is_taken_ = true;
    }
    ~Turn() {
      {
        const MutexLock lock(turns_.mutex_);
        turns_.is_taken_ = false;
      }
      turns_.ended_.notify_all();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Turns& turns_;
  };

 private:
  Mutex mutex_;
  std::condition_variable_any ended_;
  bool is_taken_ HAILSTONE_GUARDED_BY(mutex_) = false;
};

}  // namespace hailstone::hosting
