// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// hailstone jobs: what waits, runs and has ended. Everything throws what Service throws.

#include <string>

#include "cli/commands.hpp"

namespace hailstone::cli {

struct JobsRequest {
  std::string state;  ///< empty: all
  std::string id;
  int limit = 20;
};

void list_jobs(const CommandContext& context, const JobsRequest& request, Output output);
/// The job, and its result where there is one.
void show_job(const CommandContext& context, const std::string& id, Output output);
/// A line for each change, until it ends or Ctrl-C.
void watch_job(const CommandContext& context, const std::string& id);
void cancel_job(const CommandContext& context, const std::string& id);
/// "dead": all of them.
void retry_job(const CommandContext& context, const std::string& id);
void purge_jobs(const CommandContext& context, const std::string& state);

}  // namespace hailstone::cli
