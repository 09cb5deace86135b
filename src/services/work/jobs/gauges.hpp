// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the queue of jobs tells of itself in /metrics.

#include "base/clock.hpp"
#include "core/jobs/job_queue.hpp"
#include "core/metrics/metrics.hpp"

namespace hailstone::jobs {

void show_jobs(core::Metrics& metrics, const core::JobCounts& counts, WallTime now);

}  // namespace hailstone::jobs
