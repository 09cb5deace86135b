// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// All that brings work besides the API.

#include <memory>
#include <vector>

#include "core/queues/queue_file.hpp"
#include "services/work/sources/folder.hpp"
#include "services/work/sources/mqtt.hpp"

namespace hailstone::jobs {

/// From construction to destruction.
class Sources {
 public:
  /// Queues that cannot work are logged, and the others do. The service outlives it.
  Sources(JobService& service, const std::vector<core::QueueFile>& queues);

 private:
  void add(JobService& service, const core::QueueFile& queue);

  std::vector<std::unique_ptr<FolderSource>> folders_;
  std::vector<std::unique_ptr<MqttSource>> brokers_;
};

}  // namespace hailstone::jobs
