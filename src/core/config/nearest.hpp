// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// For messages: which of the known names did the user mean?

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::core {

/// The candidate that needs the fewest edits, if it is close enough to be a slip of the finger.
std::optional<std::string> find_nearest(std::string_view word,
                                        const std::vector<std::string>& candidates);

/// At most count of them, those with the fewest edits first.
std::vector<std::string> nearest_of(std::string_view word, std::vector<std::string> candidates,
                                    std::size_t count);

}  // namespace hailstone::core
