// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The end of a job as JSON. Pure.

#include <string>

#include "core/jobs/job.hpp"

namespace hailstone::jobs {

/// {"type":"job.succeeded","timestamp":"2026-01-31T12:00:00Z","data":{the job as /v1/jobs has it}}.
std::string write_job_end(const core::Job& job);

/// {"job_id","status","error":{...}} of one that has not succeeded.
std::string write_job_failure(const core::Job& job);

/// A line for a file of results: {"file","job_id","status","result" or "error"}. A result that is
/// no JSON is a text.
std::string write_job_line(const core::Job& job, const std::string& file,
                           const std::string& answer);

}  // namespace hailstone::jobs
