// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/sources.hpp"

#include "base/error.hpp"
#include "log/log.hpp"

namespace hailstone::jobs {

Sources::Sources(JobService& service, const std::vector<core::QueueFile>& queues) {
  for (const auto& queue : queues) {
    try {
      add(service, queue);
      log::info("queues", "takes work", {{"queue", queue.name}, {"task", queue.task}});
    } catch (const Error& error) {
      log::error("queues", "a queue does not work",
                 {{"queue", queue.name}, {"why", error.what()}, {"help", error.detail()}});
    }
  }
}

void Sources::add(JobService& service, const core::QueueFile& queue) {
  if (std::holds_alternative<core::WatchedFolder>(queue.source)) {
    folders_.push_back(std::make_unique<FolderSource>(service, queue));
  } else {
    brokers_.push_back(std::make_unique<MqttSource>(service, queue));
  }
}

}  // namespace hailstone::jobs
