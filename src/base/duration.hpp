// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Durations as people and Ollama's clients write them: Go's notation, "1h30m", "1.5h", "-1m".

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hailstone {

/// A sign, then a sequence of <number><unit>; units ns us µs ms s m h; "0" needs none. Too large
/// saturates at the largest duration. Nothing where text is not such a duration, "300" included.
std::optional<std::chrono::nanoseconds> find_go_duration(std::string_view text) noexcept;

/// Go's way to print one, exact: "1h30m0s", "1.5s", "20ms", "0s". The inverse of find_go_duration.
std::string to_go_duration(std::chrono::nanoseconds duration);

}  // namespace hailstone
