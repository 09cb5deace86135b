// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/celsius.hpp"

#include <array>
#include <cstdio>

namespace hailstone {

std::string to_string(Celsius temperature) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%.1f \u00B0C", temperature.degrees);
  return text.data();
}

}  // namespace hailstone
