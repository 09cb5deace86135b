// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/json/repair.hpp"

#include <charconv>
#include <cstdint>

#include "base/strings.hpp"

namespace hailstone::http {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kReplacementEscape = "\\ufffd";
constexpr std::size_t kEscape = 6;  // of "\u0041"

/// The code unit of the escape that text begins with.
std::optional<std::uint32_t> find_unit(std::string_view text) noexcept {
  if (text.size() < kEscape || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const auto* end = text.data() + kEscape;
  const auto [stopped_at, error] = std::from_chars(text.data() + 2, end, unit, 16);
  if (error != std::errc() || stopped_at != end) return std::nullopt;
  return unit;
}

bool is_first_half(std::uint32_t unit) noexcept {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_second_half(std::uint32_t unit) noexcept {
  return unit >= 0xDC00 && unit < 0xE000;
}

/// How many bytes of text, which begins with a backslash, belong together; writes them.
std::size_t copy_escape(std::string_view text, std::string& out) {
  const auto unit = find_unit(text);
  auto size = unit ? kEscape : std::size_t{2};
  if (unit && (is_first_half(*unit) || is_second_half(*unit))) {
    const auto next = find_unit(text.substr(kEscape));
    if (!is_first_half(*unit) || !next || !is_second_half(*next)) {
      out += kReplacementEscape;
      return kEscape;
    }
    size = 2 * kEscape;
  }
  const auto whole = text.substr(0, size);
  out += whole;
  return whole.size();
}

std::size_t copy_character(std::string_view text, std::string& out) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t size = 1; size <= kLongest && size <= text.size(); ++size) {
    if (!is_valid_utf8(text.substr(0, size))) continue;
    out += text.substr(0, size);
    return size;
  }
  out += kReplacement;
  return 1;
}

bool mentions_halves(std::string_view text) noexcept {
  for (auto at = text.find("\\u"); at != std::string_view::npos; at = text.find("\\u", at + 2)) {
    const bool may_be = at + 2 < text.size() && (text[at + 2] == 'd' || text[at + 2] == 'D');
    if (may_be) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> repair_json(std::string_view text) {
  if (is_valid_utf8(text) && !mentions_halves(text)) return std::nullopt;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    // An escape may be cut by a byte that is no character: then the byte is looked at for itself.
    const bool is_escape =
        text[0] == '\\' && text.size() > 1 && static_cast<signed char>(text[1]) > 0;
    text.remove_prefix(is_escape ? copy_escape(text, out) : copy_character(text, out));
  }
  return out;
}

}  // namespace hailstone::http
