// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ends runs that are called off or too late: ONNX Runtime itself knows no deadline.

#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/run_context.hpp"
#include "engines/onnx/ort.hpp"

namespace hailstone::engines::onnx {

/// Thread-safe. Has one thread, "onnx-watch", from the first deadline on.
class RunWatch {
  struct Due {
    SteadyTime time;  ///< max: it has been told
    Ort::RunOptions* options;
  };

 public:
  /// While it lives, the run ends at its deadline or when it is stopped, before its next operator.
  /// Both arguments, and the watch, outlive it.
  class Watched {
   public:
    Watched(RunWatch& watch, const RunContext& run, Ort::RunOptions& options);
    ~Watched();
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

   private:
    struct Terminate {
      Ort::RunOptions& options;
      void operator()() const { options.SetTerminate(); }
    };

    RunWatch& watch_;
    std::optional<std::list<Due>::iterator> due_;
    const std::stop_callback<Terminate> on_stop_;
  };

 private:
  void watch(const std::stop_token& stop);
  SteadyTime next_due() const noexcept;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::list<Due> dues_;                   // guarded by mutex_; one for each run at a time
  SteadyTime armed_ = SteadyTime::max();  // guarded by mutex_; when the thread wakes up
  std::jthread thread_;                   // guarded by mutex_
};

}  // namespace hailstone::engines::onnx
