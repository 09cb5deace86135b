// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A folder whose files are work: PATH/in is what comes, PATH/work what runs, PATH/done and
// PATH/failed what has ended. Files move by renaming, and are in one of them at any time.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/queues/queue_file.hpp"
#include "services/work/brokers/postgres_results.hpp"
#include "services/work/ends/deliverer.hpp"
#include "services/work/jobs/service.hpp"
#include "services/work/sources/gauges.hpp"

namespace hailstone::jobs {

/// Works from construction to destruction, on threads of its own.
class FolderSource : private Sink {
 public:
  /// Service and gauges outlive it; the service has its router. Makes the folders; throws
  /// Error(kBadRequest) where that cannot be, and for a task that there is not.
  FolderSource(JobService& service, core::QueueFile queue, QueueGauges& gauges);

 private:
  /// As a file was when it was last looked at.
  struct Look {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type changed{};
    bool operator==(const Look&) const = default;
  };

  std::string webhooks() const override;
  void tell(const core::Job& job, const std::string& answer, const RunContext& run) override;

  bool takes_many() const override { return table_ != nullptr; }
  void tell_many(const std::vector<EndedJob>& ends, const RunContext& run) override;

  void watch(const std::stop_token& stop);
  void look();
  void forget_gone();
  void submit(const std::filesystem::path& file);
  void refuse(const std::filesystem::path& file, const std::string& json);
  std::string file_of(const core::Job& job) const;
  void move_ended(const core::Job& job);
  void write_result(const core::Job& job, const std::string& file, const std::string& answer);
  std::size_t count_working() const;
  void measure();

  JobService& service_;
  const core::QueueFile queue_;
  const core::WatchedFolder folder_;
  const std::string target_;
  const std::unique_ptr<ResultTable> table_;  ///< may be null: files
  std::map<std::string, Look>
      seen_;                   ///< what came and may still be written; of the watching thread
  SteadyTime next_measure_{};  ///< of the watching thread
  std::map<std::string, bool> submitted_;  ///< of work/, since the start; of the watching thread
  QueueGauges& gauges_;
  Deliverer deliverer_;
  std::jthread thread_;  // last: it uses what is above
};

}  // namespace hailstone::jobs
