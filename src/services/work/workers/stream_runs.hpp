// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stream workers that run without a client: on a source, until somebody stops them or their file
// goes. What they tell is kept for whoever looks later: the last events, and the last picture.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "inference/worker/call_session.hpp"
#include "inference/worker/worker_manifest.hpp"

namespace hailstone::core {
struct WorkerTable;
}

namespace hailstone::workers {

class WorkerService;

struct StreamEvent {
  std::uint64_t number = 0;  ///< from 1 on
  std::string json;
};

struct StreamStatus {
  std::string id;
  std::string worker;
  std::string state;   ///< "running", "waiting" (for its next start), "ended", "failed"
  std::string fields;  ///< JSON
  std::string error;   ///< the last one; empty: none
  WallTime started{};
  std::uint64_t events = 0;
  std::uint64_t pictures = 0;
  int restarts = 0;
};

/// Thread-safe. A thread for each that runs.
class StreamRuns {
 public:
  explicit StreamRuns(WorkerService& service, const Clock& clock = system_clock());
  /// Stops all of them.
  ~StreamRuns();
  StreamRuns(const StreamRuns&) = delete;
  StreamRuns& operator=(const StreamRuns&) = delete;

  /// Throws Error(kBusy) where as many run as the worker's file allows.
  StreamStatus start(const inference::WorkerPtr& worker, inference::CallValue arguments);
  std::vector<StreamStatus> list(const std::string& worker) const;
  /// These throw Error(kNotFound).
  StreamStatus find(const std::string& worker, const std::string& id) const;
  StreamStatus stop(const std::string& worker, const std::string& id);
  /// Waits for events after that number. Empty: there will be no more. Throws as RunContext::check.
  std::vector<StreamEvent> wait_for_events(const std::string& worker, const std::string& id,
                                           std::uint64_t after, const RunContext& run);
  /// The first one later than that number. Nothing: there will be no more.
  std::optional<std::pair<std::uint64_t, inference::Blob>> wait_for_picture(
      const std::string& worker, const std::string& id, std::uint64_t after, const RunContext& run);

  /// Of a daemon that ends: who follows one would else hold it up. Waits for nothing.
  void stop_all();

  /// Starts those that start by themselves, and stops those whose file has changed or gone.
  void follow(const core::WorkerTable& table);

 private:
  struct Run;
  using RunPtr = std::shared_ptr<Run>;

  RunPtr begin(const inference::WorkerPtr& worker, inference::CallValue arguments, bool is_auto);
  RunPtr require(const std::string& worker, const std::string& id) const;
  void work(Run& run, const std::stop_token& stop);
  void try_once(Run& run, const std::stop_token& stop);
  static void note(Run& run, const inference::CallValue& piece);
  void forget_old(const std::string& worker);

  WorkerService& service_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, RunPtr> runs_;  // by id; guarded by mutex_; who waits holds one, too
};

}  // namespace hailstone::workers
