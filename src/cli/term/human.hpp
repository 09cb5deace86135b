// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sizes and times as people read them.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hailstone::cli {

/// In powers of ten, as Ollama and shops count: "815 MB", "1.3 GB".
std::string human_bytes(std::int64_t bytes);

/// RFC 3339 with any fraction and offset; seconds, because nanoseconds end in the year 2262 and
/// "for ever" lies behind that. Nothing where text is no such time.
std::optional<std::chrono::sys_seconds> find_time(std::string_view text);

/// "3 minutes ago", "2 hours from now", "just now", "Forever" for more than a century ahead.
std::string relative_time(std::chrono::sys_seconds time, std::chrono::sys_seconds now);

}  // namespace hailstone::cli
