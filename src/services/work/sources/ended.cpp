// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/ended.hpp"

#include "services/work/ends/wire.hpp"

namespace hailstone::jobs {

WorkEnd work_end_of(const core::Job& job, const std::string& answer) {
  WorkEnd end;
  end.is_good = job.state == core::JobState::kSucceeded;
  if (end.is_good) {
    if (job.answer) end.content_type = job.answer->content_type;
    end.body = answer;
    return end;
  }
  end.reason = job.error ? job.error->message : std::string(core::to_string(job.state));
  end.body = write_job_failure(job);
  return end;
}

}  // namespace hailstone::jobs
