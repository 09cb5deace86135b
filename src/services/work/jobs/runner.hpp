// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs jobs, on threads of its own, in the batch lane: whoever waits in front of a screen goes
// first.

#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/run_context.hpp"
#include "core/jobs/job_queue.hpp"
#include "http/pipeline/dispatch.hpp"

namespace hailstone::jobs {

/// Answers a job's request. Called on a thread of the runner; may block, may throw Error.
using Perform = std::function<http::Dispatched(const core::ClaimedJob& job, const RunContext& run)>;

struct RunnerOptions {
  int threads = 4;
  std::chrono::milliseconds first_delay{2000};  ///< before a second attempt; doubles with each
  std::chrono::milliseconds longest_delay{5 * 60 * 1000};
  std::chrono::milliseconds sweep_interval{10'000};
  /// Told of each attempt: "succeeded", "failed", "again" or "given_back". May be none.
  std::function<void(const std::string& outcome)> note_attempt = {};
  /// Told of the queue after each sweep. May be none.
  std::function<void(const core::JobCounts& counts)> note_counts = {};
};

/// Thread-safe. Runs from construction to destruction, which stops what runs and gives it back.
class JobRunner {
 public:
  /// The queue outlives the runner.
  JobRunner(core::JobQueue& queue, Perform perform, RunnerOptions options = {});
  ~JobRunner();
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;

 private:
  void work(const std::stop_token& stop);
  void keep_house(const std::stop_token& stop);
  http::Dispatched run_one(const core::ClaimedJob& claimed, const std::stop_token& shutdown);
  void settle_surely(const core::ClaimedJob& claimed, const http::Dispatched& done,
                     const std::stop_token& shutdown);
  void settle(const core::ClaimedJob& claimed, const http::Dispatched& done, bool is_shutdown);
  std::chrono::milliseconds delay_after(int attempts);
  std::string preferred_model();
  void note_model(const std::string& model);

  core::JobQueue& queue_;
  const Perform perform_;
  const RunnerOptions options_;
  std::mutex mutex_;
  std::string last_model_;             ///< guarded by mutex_; that the newest job began with
  std::minstd_rand random_;            ///< guarded by mutex_
  std::vector<std::jthread> threads_;  // last: they use what is above
};

}  // namespace hailstone::jobs
