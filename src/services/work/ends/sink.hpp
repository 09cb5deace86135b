// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who is told of the end of jobs: a web server, a folder, a broker.

#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "core/jobs/job.hpp"

namespace hailstone::jobs {

struct EndedJob {
  core::Job job;
  std::string answer;  ///< the body; empty where there is none
};

/// Called on the thread of its deliverer alone.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Webhooks that begin so are its own: "http", "folder:scans/".
  virtual std::string webhooks() const = 0;
  /// answer: the body, empty where there is none. What it throws is told again later: a job may
  /// arrive twice, and is known by its id.
  virtual void tell(const core::Job& job, const std::string& answer, const RunContext& run) = 0;
  /// Whether several at once are faster.
  virtual bool takes_many() const { return false; }
  /// What it throws makes each of them be told alone.
  virtual void tell_many(const std::vector<EndedJob>&, const RunContext&) {}
};

}  // namespace hailstone::jobs
