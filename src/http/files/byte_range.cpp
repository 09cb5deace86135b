// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/files/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.hpp"

namespace hailstone::http {
namespace {

std::optional<std::uint64_t> find_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped_at, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stopped_at != end) return std::nullopt;
  return number;
}

ByteRange last_bytes(std::uint64_t wanted, std::uint64_t size) noexcept {
  if (wanted == 0 || size == 0) return {ByteRange::Kind::kUnsatisfiable};
  const auto length = std::min(wanted, size);
  return {ByteRange::Kind::kPart, size - length, length};
}

}  // namespace

ByteRange choose_range(std::string_view header, std::uint64_t size) noexcept {
  constexpr std::string_view kUnit = "bytes=";
  const ByteRange whole{ByteRange::Kind::kAll, 0, size};
  if (!equals_ignoring_case(header.substr(0, kUnit.size()), kUnit)) return whole;
  const auto range = trim(header.substr(kUnit.size()));
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return whole;
  const auto last = find_number(trim(range.substr(dash + 1)));
  if (dash == 0) return last ? last_bytes(*last, size) : whole;
  const auto first = find_number(trim(range.substr(0, dash)));
  const bool is_open = dash + 1 == range.size();
  if (!first || (!last && !is_open) || (last && *last < *first)) return whole;
  if (*first >= size) return {ByteRange::Kind::kUnsatisfiable};
  const auto end = is_open ? size : std::min(size - 1, *last) + 1;
  return {ByteRange::Kind::kPart, *first, end - *first};
}

}  // namespace hailstone::http
