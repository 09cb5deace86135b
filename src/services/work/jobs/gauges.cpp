// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/jobs/gauges.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace hailstone::jobs {

void show_jobs(core::Metrics& metrics, const core::JobCounts& counts, WallTime now) {
  for (int i = 0; i <= static_cast<int>(core::JobState::kDead); ++i) {
    const auto state = static_cast<core::JobState>(i);
    metrics
        .gauge("hailstone_jobs", "Jobs that are kept",
               {{"state", std::string(core::to_string(state))}})
        .set(static_cast<double>(counts.of(state)));
  }
  const std::chrono::duration<double> age = now - counts.oldest_queued.value_or(now);
  metrics.gauge("hailstone_jobs_oldest_seconds", "Age of the job that has waited for longest")
      .set(std::max(0.0, age.count()));
  metrics.gauge("hailstone_jobs_stored_bytes", "Requests and answers of jobs on the disk")
      .set(static_cast<double>(counts.stored.count()));
}

}  // namespace hailstone::jobs
