// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Jobs as JSON: /api/infer as people write it by hand, /v1/jobs in full. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "core/jobs/job.hpp"
#include "core/jobs/job_queue.hpp"
#include "http/message.hpp"

namespace hailstone::jobs {

/// What POST /api/infer asks for; the task's target is not known yet.
struct InferRequest {
  std::string task;  ///< empty: to be told by the model
  core::NewJob job;
};

/// {"task":..., "model":..., "job":{...}} and whatever the task's own route takes; or a form of the
/// same. Takes the body. Throws Error(kBadRequest) that names the field.
InferRequest parse_infer(http::Request& request, WallTime now);

/// {"method":"POST", "url":"/api/detect", "body":{...}, "job":{...}}.
core::NewJob parse_new_job(std::string_view body, WallTime now);

/// {"max_attempts","priority","not_before","expires","label"}, of a JSON object as text.
void read_job_options(std::string_view json, core::NewJob& job, WallTime now);

/// {"job_id":"...","status":"queued"}.
std::string write_ticket(const core::Job& job);

/// As GET /api/infer/{id} tells it; answer: the body, where the job has succeeded.
std::string write_infer(const core::Job& job, std::optional<std::size_t> position,
                        const std::optional<std::string>& answer);

/// As /v1/jobs tells it.
std::string write_job(const core::Job& job, std::optional<std::size_t> position);
std::string write_jobs(const std::vector<core::Job>& jobs, bool has_more);
std::string write_counts(const core::JobCounts& counts, WallTime now);

/// "?state=dead&limit=10&after=job_1&batch=b". after: the job's number. Throws Error(kBadRequest).
core::JobFilter parse_filter(const std::map<std::string, std::string>& query);

}  // namespace hailstone::jobs
