// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells a sink of the ends of jobs, until it has heard of each.

#include <chrono>
#include <thread>
#include <vector>

#include "core/jobs/job_queue.hpp"
#include "services/work/ends/sink.hpp"

namespace hailstone::jobs {

/// Between one attempt and the next.
struct Delays {
  std::vector<std::chrono::seconds> each;
  bool is_endless = false;  ///< the last one again and again; else it is given up
};

/// As Standard Webhooks recommends; about three days together.
Delays web_delays();
/// For what is on this machine or beside it.
Delays local_delays();

/// Thread-safe. Works from construction to destruction, on a thread of its own.
class Deliverer {
 public:
  /// Both outlive it.
  Deliverer(core::JobQueue& queue, Sink& sink, Delays delays);

 private:
  void work(const std::stop_token& stop);
  bool tell_all(const std::stop_token& stop);
  bool tell_together(const std::vector<core::Job>& jobs, const std::stop_token& stop);
  void tell(const core::Job& job, const std::stop_token& stop);

  core::JobQueue& queue_;
  Sink& sink_;
  const Delays delays_;
  std::jthread thread_;  // last: it uses what is above
};

}  // namespace hailstone::jobs
