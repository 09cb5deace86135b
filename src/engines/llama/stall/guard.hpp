// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Looks after a server from a request on until it is at rest, and calls for its end when it is
// stuck.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engines/llama/stall/judge.hpp"

namespace hailstone::engines::llama {

/// Thread-safe. One thread, which sleeps while the server is at rest.
class StallGuard {
 public:
  /// Both are called on the guard's thread; kill at most once, after verdict() has been set.
  StallGuard(StallLimits limits, std::function<os::ProcessActivity()> activity,
             std::function<void()> kill);
  StallGuard(const StallGuard&) = delete;
  StallGuard& operator=(const StallGuard&) = delete;

  /// One request, as long as it lives; of one thread. Its server is awaited, but while the caller
  /// is busy with what has come.
  class Request {
   public:
    explicit Request(StallGuard& guard) : guard_(guard) {
      guard_.open();
      await();
    }
    ~Request() {
      take();
      guard_.close();
    }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    /// Something has come. Until await() it is the caller that takes its time.
    void take();
    void await();

   private:
    StallGuard& guard_;
    bool is_waiting_ = false;
  };

  /// Why the server was killed.
  std::optional<std::string> verdict() const;

 private:
  void watch(const std::stop_token& stop);
  void count(int waiting);
  void open();
  void close();

  const StallLimits limits_;
  const std::function<os::ProcessActivity()> activity_;
  const std::function<void()> kill_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int waiting_ = 0;                     // guarded by mutex_
  int requests_ = 0;                    // guarded by mutex_; open, waiting or not
  bool is_at_rest_ = true;              // guarded by mutex_
  std::uint64_t signs_ = 0;             // guarded by mutex_
  std::optional<std::string> verdict_;  // guarded by mutex_
  std::jthread thread_;                 // the last: it uses all the others
};

}  // namespace hailstone::engines::llama
