// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/checks/meminfo.hpp"

#include <charconv>

#include "base/strings.hpp"

namespace hailstone::doctor {

std::optional<ByteSize> find_meminfo(const Box& box, std::string_view name) {
  for (const auto& line : split(box.text("/proc/meminfo").value_or(""), '\n')) {
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    const auto value = trim(std::string_view(line).substr(name.size() + 1));
    std::uint64_t kib = 0;
    const auto result = std::from_chars(value.data(), value.data() + value.size(), kib);
    if (result.ec == std::errc{}) return ByteSize::kib(kib);
  }
  return std::nullopt;
}

}  // namespace hailstone::doctor
