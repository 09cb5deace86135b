// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/byte_size.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 10> kUnits = {{
    {"", 1.0},
    {"b", 1.0},
    {"k", 1024.0},
    {"kb", 1e3},
    {"kib", 1024.0},
    {"mb", 1e6},
    {"mib", 1048576.0},
    {"gb", 1e9},
    {"gib", 1073741824.0},
    {"tib", 1099511627776.0},
}};

std::optional<double> find_unit(std::string_view name) {
  const std::string wanted = to_lower(trim(name));
  for (const auto& [unit, factor] : kUnits) {
    if (unit == wanted) return factor;
  }
  return std::nullopt;
}

}  // namespace

std::string to_string(ByteSize size) {
  constexpr std::array<const char*, 5> kNames = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(size.count());
  std::size_t unit = 0;
  while (value >= 1024.0 && unit + 1 < kNames.size()) {
    value /= 1024.0;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kNames[unit]);
  return text.data();
}

ByteSize parse_byte_size(std::string_view text) {
  const std::string_view trimmed = trim(text);
  double value = 0;
  const char* end = trimmed.data() + trimmed.size();
  const auto [rest, status] = std::from_chars(trimmed.data(), end, value);
  const auto factor = find_unit({rest, static_cast<std::size_t>(end - rest)});
  if (status != std::errc() || !factor || !(value >= 0) || value * *factor > 1e18) {
    throw Error(ErrorCode::kBadRequest, "'" + std::string(text) + "' is not an amount of memory",
                "write it as 1500000, 512MiB or 1.5GB");
  }
  return ByteSize::bytes(static_cast<std::uint64_t>(value * *factor));
}

}  // namespace hailstone
