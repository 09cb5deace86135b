// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `hailstone logs`: the service's lines in the journal.

#include <string>
#include <vector>

#include "cli/term/console.hpp"

namespace hailstone::doctor {
class Box;
}

namespace hailstone::cli {

struct LogsRequest {
  int lines = 50;
  bool follow = false;
  std::string priority;  ///< "warning": and worse; empty: all
  std::string since;     ///< as journalctl reads it: "10 min ago"
  std::string model;     ///< these three: only lines with this field
  std::string engine;
  std::string request;
};

/// The command line of journalctl. Pure.
std::vector<std::string> journal_command(const LogsRequest& request);

/// Prints lines until there are no more; with follow, until Ctrl-C. Throws Error(kNotFound) where
/// there is no journal, with where the lines are instead.
void show_logs(const Console& console, const LogsRequest& request, const doctor::Box& box);

}  // namespace hailstone::cli
