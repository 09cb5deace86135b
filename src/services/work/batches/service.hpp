// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files and batches: a file of requests becomes jobs, their answers become files.

#include <mutex>
#include <string>
#include <thread>

#include "core/jobs/batch_store.hpp"
#include "core/jobs/job_queue.hpp"
#include "services/work/jobs/service.hpp"

namespace hailstone::batches {

/// Thread-safe.
class BatchService {
 public:
  /// Both outlive the service.
  BatchService(core::BatchStore& store, jobs::JobService& jobs);
  ~BatchService();
  BatchService(const BatchService&) = delete;
  BatchService& operator=(const BatchService&) = delete;

  /// Takes up what is unfinished and looks after it from now on, on a thread of its own.
  void start();
  void stop();

  /// Throws kNotFound where there is no such file, kBadRequest for an endpoint that no job may ask.
  core::Batch create(core::Batch batch);
  /// With counts as of now. Throws kNotFound.
  core::Batch find(const std::string& id);
  /// Throws kNotFound; kConflict where it has ended.
  core::Batch cancel(const std::string& id);

  /// A job's request whose JSON body names a file, as the form that its route takes: the file's
  /// content in the field, the rest as options. Others stay as they are. Throws kNotFound.
  core::ClaimedJob with_files(core::ClaimedJob job);

  core::BatchStore& store() noexcept { return store_; }

 private:
  void keep(const std::stop_token& stop);
  void advance(core::Batch batch);
  void validate(core::Batch& batch);
  void finish(core::Batch& batch, const core::JobCounts& counts);
  void write_results(core::Batch& batch);
  core::Batch with_counts(core::Batch batch);

  core::BatchStore& store_;
  jobs::JobService& jobs_;
  std::mutex mutex_;     ///< one change of a batch at a time
  std::jthread keeper_;  // last: it uses what is above
};

}  // namespace hailstone::batches
