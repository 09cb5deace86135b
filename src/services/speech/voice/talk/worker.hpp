// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A thread for one piece of a talk's work, which stops with the talk or before it.

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

#include "base/run_context.hpp"

namespace hailstone::voice {

/// Joined by the destructor, which stops it first.
class Worker {
 public:
  /// body throws nothing. name: of the thread.
  Worker(const char* name, const RunContext& talk, std::function<void(const RunContext&)> body);
  ~Worker() { stop_.request_stop(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void stop() { stop_.request_stop(); }
  bool is_done() const noexcept { return is_done_; }

 private:
  struct Forward {
    std::stop_source& stop;
    void operator()() const { stop.request_stop(); }
  };
  std::stop_source stop_;
  std::stop_callback<Forward> on_talk_;
  std::atomic<bool> is_done_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace hailstone::voice
