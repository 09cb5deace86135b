// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a Raspberry Pi's firmware says of its power and its heat: `vcgencmd get_throttled`.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::core {

/// A value. Bits 0 to 3 are of now, bits 16 to 19 are the same since the start.
struct Throttling {
  std::uint32_t bits = 0;

  /// Of now: "under-voltage", "frequency capped", "throttled", "soft temperature limit".
  std::vector<std::string> now() const;
  /// Of now and before.
  std::vector<std::string> since_start() const;
  /// The firmware slows the cores down.
  bool is_slowed() const noexcept;

  bool operator==(const Throttling&) const noexcept = default;
};

/// "throttled=0x50005"; nothing for anything else.
std::optional<Throttling> parse_throttling(std::string_view text);

/// Asks root/usr/bin/vcgencmd, in a child that is killed at the deadline. Nothing where there is no
/// such program or no answer.
std::optional<Throttling> read_throttling(const std::filesystem::path& root, Deadline deadline);

}  // namespace hailstone::core
