// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sends pictures to a vision service and shows what it sees.

#include <string>
#include <vector>

#include "cli/client/query.hpp"
#include "cli/commands.hpp"
#include "cli/vision/result_file.hpp"
#include "cli/vision/task.hpp"

namespace hailstone::cli {

struct LookRequest {
  std::vector<std::string> pictures;  ///< "-": from in
  std::string right;                  ///< of a pair, whose left is the only picture; empty: no pair
  Fields fields;                      ///< the task's options
  std::string text_format;            ///< one of the task's; empty: none
  std::string save_to;                ///< empty: nothing is kept
  Coloring coloring = Coloring::kPlain;
  bool json = false;
  bool verbose = false;
};

/// A table or text on a terminal; in a pipe, or where JSON is asked for, an object per picture and
/// line. All pictures are looked over before the first is sent. Throws what Service throws and
/// Error(kBadRequest); Ctrl-C ends it with Error(kCancelled).
void look_at_pictures(const CommandContext& context, const VisionTask& task,
                      const LookRequest& request);

}  // namespace hailstone::cli
