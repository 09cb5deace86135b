// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// All that brings work besides the API.

#include <memory>
#include <vector>

#include "core/queues/queue_file.hpp"
#include "services/work/sources/folder.hpp"
#include "services/work/sources/gauges.hpp"
#include "services/work/sources/mqtt.hpp"
#include "services/work/sources/shared_source.hpp"

namespace hailstone::jobs {

/// From construction to destruction.
class Sources {
 public:
  /// Queues that cannot work are logged, and the others do. Service and metrics outlive it.
  /// threads: that run jobs.
  Sources(JobService& service, const std::vector<core::QueueFile>& queues, core::Metrics& metrics,
          int threads);

 private:
  void add(JobService& service, const core::QueueFile& queue, core::Metrics& metrics);
  void share(JobService& service, const core::QueueFile& queue, const core::Sharing& sharing,
             std::unique_ptr<Broker> broker);

  const int threads_;
  std::vector<std::unique_ptr<QueueGauges>> gauges_;
  std::vector<std::unique_ptr<SharedSource>> shared_;
  std::vector<std::unique_ptr<FolderSource>> folders_;
  std::vector<std::unique_ptr<MqttSource>> brokers_;
};

}  // namespace hailstone::jobs
