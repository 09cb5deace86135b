// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a queue tells of itself in /metrics.

#include <string>

#include "core/metrics/metrics.hpp"
#include "services/work/brokers/broker.hpp"

namespace hailstone::jobs {

/// Thread-safe. The metrics outlive it.
class QueueGauges {
 public:
  QueueGauges(core::Metrics& metrics, const std::string& queue);

  void show(const Backlog& backlog);
  void note_taken(bool is_again);
  void note_given_back();
  void note_finished(bool is_good);

 private:
  core::Gauge& waiting_;
  core::Gauge& running_;
  core::Gauge& dead_;
  core::Gauge& oldest_;
  core::Counter& taken_;
  core::Counter& again_;
  core::Counter& given_back_;
  core::Counter& succeeded_;
  core::Counter& failed_;
};

}  // namespace hailstone::jobs
