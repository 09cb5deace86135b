// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A temperature.

#include <compare>
#include <string>

namespace hailstone {

struct Celsius {
  double degrees = 0;

  // clang-tidy 14 sees a literal 0 in it.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  auto operator<=>(const Celsius&) const noexcept = default;
};

/// "82.5 °C".
std::string to_string(Celsius temperature);

}  // namespace hailstone
