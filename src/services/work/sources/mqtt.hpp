// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work from an MQTT broker: requests on a topic, answers to where the request says (MQTT 5:
// response topic and correlation data), else to the queue's own topic for results.

#include <memory>

#include "core/queues/queue_file.hpp"
#include "services/work/jobs/service.hpp"
#include "services/work/sources/gauges.hpp"

namespace hailstone::jobs {

/// Works from construction to destruction, on threads of its own; connects again by itself.
class MqttSource {
 public:
  /// The service outlives it, and has its router. Throws Error(kBadRequest) for a task that there
  /// is not and a password file that cannot be read, kUnsupported where the program was built
  /// without libmosquitto.
  MqttSource(JobService& service, const core::QueueFile& queue, QueueGauges& gauges);
  ~MqttSource();
  MqttSource(const MqttSource&) = delete;
  MqttSource& operator=(const MqttSource&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::jobs
