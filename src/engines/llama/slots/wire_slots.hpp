// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What llama-server says of its slots. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace hailstone::engines::llama {

struct SlotState {
  int id = 0;
  int tokens = 0;  ///< that it has read and written
  bool is_working = false;
};

/// Empty for what it does not understand: nothing is kept then.
std::vector<SlotState> parse_slots(std::string_view body);

/// How many tokens came out of a file, or went into one.
int parse_kept_tokens(std::string_view body);

std::string file_request(const std::string& name);

}  // namespace hailstone::engines::llama
