// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/ids.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <random>

namespace hailstone {

std::string make_id(std::string_view prefix) {
  thread_local std::mt19937_64 random{std::random_device{}()};
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(random()));
  return std::string(prefix) + digits.data();
}

}  // namespace hailstone
