// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/human_count.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace hailstone::services {
namespace {

std::string with_decimals(double value, int decimals, char unit) {
  std::array<char, 64> text{};
  const bool whole =
      std::round(value * std::pow(10, decimals)) == std::round(value) * std::pow(10, decimals);
  std::snprintf(text.data(), text.size(), "%.*f%c", whole ? 0 : decimals, value, unit);
  return text.data();
}

}  // namespace

std::string human_count(std::uint64_t count) {
  const auto number = static_cast<double>(count);
  if (count >= 1'000'000'000'000) return with_decimals(number / 1e12, 1, 'T');
  if (count >= 1'000'000'000) return with_decimals(number / 1e9, 1, 'B');
  if (count >= 1'000'000) return with_decimals(number / 1e6, 2, 'M');
  if (count >= 1'000) return with_decimals(number / 1e3, 0, 'K');
  return std::to_string(count);
}

}  // namespace hailstone::services
