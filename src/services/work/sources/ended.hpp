// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A job's end as a broker or a table of results takes it. Pure.

#include <string>

#include "core/jobs/job.hpp"
#include "services/work/brokers/broker.hpp"

namespace hailstone::jobs {

WorkEnd work_end_of(const core::Job& job, const std::string& answer);

}  // namespace hailstone::jobs
