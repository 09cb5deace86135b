// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/memory_amount.hpp"

#include <charconv>
#include <cstdio>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::core {

ByteSize MemoryAmount::resolve(ByteSize whole, ByteSize automatic) const noexcept {
  if (size) return *size;
  if (!percent) return automatic;
  return ByteSize::bytes(
      static_cast<std::uint64_t>(static_cast<double>(whole.count()) / 100 * *percent));
}

MemoryAmount parse_memory_amount(std::string_view text) {
  const std::string_view word = trim(text);
  if (to_lower(word) == "auto") return {};
  if (word.empty() || word.back() != '%') return {parse_byte_size(word), {}};
  double percent = 0;
  const char* end = word.data() + word.size() - 1;
  const auto result = std::from_chars(word.data(), end, percent);
  if (result.ec != std::errc() || result.ptr != end || !(percent >= 0 && percent <= 100)) {
    throw Error(ErrorCode::kBadRequest, "'" + std::string(word) + "' is not a part of memory",
                "write it as 60%, 512MiB or auto");
  }
  return {{}, percent};
}

std::string to_string(const MemoryAmount& amount) {
  if (amount.size) return to_string(*amount.size);
  if (!amount.percent) return "auto";
  char text[32];
  std::snprintf(text, sizeof text, "%g%%", *amount.percent);
  return text;
}

}  // namespace hailstone::core
