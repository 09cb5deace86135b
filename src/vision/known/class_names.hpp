// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The class names that a network's file brings along. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace hailstone::vision {

/// Ultralytics' "names": a Python or JSON dictionary of numbers and names, or a list of names. By
/// index, gaps are empty; empty where it is neither. Never throws for any text.
std::vector<std::string> parse_class_names(std::string_view text);

}  // namespace hailstone::vision
