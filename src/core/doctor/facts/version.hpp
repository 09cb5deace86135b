// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Versions of HailoRT's parts.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace hailstone::doctor {

struct Version {
  int major = 0;
  int minor = 0;
  int revision = 0;

  auto operator<=>(const Version&) const noexcept = default;
};

/// "5.3.0".
std::string to_string(const Version& version);

/// The first of that form in a text: in "libhailort.so.5.3.0", "1:5.3.0-1", "Firmware
/// Version: 5.3.0 (release,app)". Nothing where there is none.
std::optional<Version> find_version(std::string_view text);

}  // namespace hailstone::doctor
