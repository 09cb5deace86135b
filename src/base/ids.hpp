// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Identifiers for requests, tool calls and jobs.

#include <string>
#include <string_view>

namespace hailstone {

/// prefix + 16 random hexadecimal digits. Thread-safe. Unique enough to find a line in a log; not a
/// secret.
std::string make_id(std::string_view prefix);

}  // namespace hailstone
