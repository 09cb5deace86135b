// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A job followed as server-sent events.

#include <string>

#include "base/run_context.hpp"
#include "core/jobs/job_queue.hpp"
#include "http/message.hpp"

namespace hailstone::jobs {

/// An event "job" with the job as /v1/jobs tells it at once and after each change of it or of its
/// place in the queue; the stream ends with the job. Blocks; throws as ResponseStream::write.
void follow(core::JobQueue& queue, const std::string& id, http::Reply& reply,
            const RunContext& run);

}  // namespace hailstone::jobs
