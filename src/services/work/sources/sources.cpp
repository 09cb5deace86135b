// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/sources.hpp"

#include <utility>

#include "base/error.hpp"
#include "log/log.hpp"
#include "services/work/brokers/nats_broker.hpp"
#include "services/work/brokers/postgres_broker.hpp"

namespace hailstone::jobs {

Sources::Sources(JobService& service, const std::vector<core::QueueFile>& queues,
                 core::Metrics& metrics, int threads)
    : threads_(threads) {
  for (const auto& queue : queues) {
    try {
      add(service, queue, metrics);
      log::info("queues", "takes work", {{"queue", queue.name}, {"task", queue.task}});
    } catch (const Error& error) {
      log::error("queues", "a queue does not work",
                 {{"queue", queue.name}, {"why", error.what()}, {"help", error.detail()}});
    }
  }
}

void Sources::add(JobService& service, const core::QueueFile& queue, core::Metrics& metrics) {
  gauges_.push_back(std::make_unique<QueueGauges>(metrics, queue.name));
  auto& gauges = *gauges_.back();
  if (std::holds_alternative<core::WatchedFolder>(queue.source)) {
    folders_.push_back(std::make_unique<FolderSource>(service, queue, gauges));
  } else if (std::holds_alternative<core::MqttTopic>(queue.source)) {
    brokers_.push_back(std::make_unique<MqttSource>(service, queue, gauges));
  } else if (const auto* nats = std::get_if<core::NatsSubject>(&queue.source)) {
    share(service, queue, nats->sharing, make_nats_broker(queue));
  } else {
    const auto& table = std::get<core::PostgresTable>(queue.source);
    share(service, queue, table.sharing, make_postgres_broker(queue));
  }
}

void Sources::share(JobService& service, const core::QueueFile& queue, const core::Sharing& sharing,
                    std::unique_ptr<Broker> broker) {
  shared_.push_back(std::make_unique<SharedSource>(
      service, queue, SharedSource::Limits{sharing, threads_}, std::move(broker), *gauges_.back()));
}

}  // namespace hailstone::jobs
