// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// hailstone batch: a folder of files, or a file of requests, run as jobs; results as JSON lines.

#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"

namespace hailstone::cli {

struct BatchRequest {
  std::string input;  ///< a folder, or a file with a JSON object a line
  std::string task;
  std::string model;
  std::string out;                                           ///< empty: the standard output
  std::vector<std::pair<std::string, std::string>> options;  ///< of the task
  int at_once = 32;  ///< jobs that are submitted and not done
};

/// What stands in out already is not done again; what was submitted before Ctrl-C goes on in the
/// service and is found again. Throws Error(kBadRequest) for an input that is none, and what
/// Service throws; a job that fails is a line with its error.
void run_batch(const CommandContext& context, const BatchRequest& request);

}  // namespace hailstone::cli
