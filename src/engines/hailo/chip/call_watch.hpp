// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Calls of HailoRT that may never return. Nobody can call them off: the process has to end, and
// another one opens the chip anew.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.hpp"

namespace hailstone::engines::hailo {

/// Thread-safe.
class CallWatch {
 public:
  /// on_stuck: called once, on a thread of its own, with "running yolox-tiny for 30 s".
  explicit CallWatch(std::function<void(const std::string&)> on_stuck);

  /// A call under way, as long as it lives.
  class Call {
   public:
    Call(CallWatch& watch, std::string doing, std::chrono::seconds limit);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    friend class CallWatch;
    CallWatch& watch_;
    const std::string doing_;
    const std::chrono::seconds limit_;
    std::multimap<SteadyTime, const Call*>::iterator place_;
  };

 private:
  void watch(const std::stop_token& stop);

  const std::function<void(const std::string&)> on_stuck_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<SteadyTime, const Call*> calls_;  // guarded by mutex_; by when they have to end
  std::jthread thread_;
};

}  // namespace hailstone::engines::hailo
