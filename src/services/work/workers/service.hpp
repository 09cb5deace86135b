// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Programs of others that the daemon runs as workers: which there are, and calls of them.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/run_context.hpp"
#include "core/runtime/runtime.hpp"
#include "inference/worker/call_session.hpp"
#include "inference/worker/worker_manifest.hpp"
#include "services/work/workers/task.hpp"

namespace hailstone::core {
class Metrics;
class WorkerFiles;
struct WorkerTable;
}  // namespace hailstone::core

namespace hailstone::workers {

/// How a worker is loaded.
using MakeSpec = std::function<inference::ModelSpec(const inference::WorkerManifest&)>;
/// Called where files have come, changed or gone, by whoever has noticed.
/// Says what is wrong with what is new.
using OnChange = std::function<std::vector<std::string>(const core::WorkerTable&)>;

/// Thread-safe.
class WorkerService {
 public:
  WorkerService(core::WorkerFiles& files, core::Runtime& runtime, core::Metrics& metrics,
                MakeSpec make_spec);
  ~WorkerService();

  /// Reads the files, and from now on looks every second whether one has changed. Once.
  void start(OnChange on_change);

  /// Looks no more. Before what on_change uses goes.
  void stop();

  /// Looks at the disk first.
  WorkerList list();
  /// As they were when somebody looked last.
  std::shared_ptr<const core::WorkerTable> table() const;
  /// Without looking at the disk.
  std::vector<WorkerStatus> known() const;
  /// Throws Error(kNotFound).
  WorkerStatus find(std::string_view name);

  /// Blocks. on_value: gets the pieces of a stream, on this thread; signs of life, too.
  /// on_begin: the worker is there and gets the call. Throws what the worker says, and what
  /// Runtime::acquire and CallSession::call throw.
  inference::CallValue call(const inference::WorkerManifest& worker,
                            const inference::CallRequest& request,
                            const inference::OnCallValue& on_value, const RunContext& run,
                            const std::function<void()>& on_begin = {});

 private:
  void refresh();
  void watch(const std::stop_token& stop);
  void count(const inference::WorkerManifest& worker, std::string_view outcome, double seconds);
  WorkerStatus status_of(const inference::WorkerPtr& worker) const;

  core::WorkerFiles& files_;
  core::Runtime& runtime_;
  core::Metrics& metrics_;
  const MakeSpec make_spec_;
  OnChange on_change_;  // set by start()
  std::mutex mutex_;
  std::uint64_t number_ = 0;           // guarded by mutex_; of the table that has these
  std::vector<std::string> problems_;  // guarded by mutex_
  std::condition_variable_any stopped_;
  std::jthread watcher_;  // the last: it uses all the others
};

}  // namespace hailstone::workers
