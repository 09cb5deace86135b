// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/quoted.hpp"

#include <charconv>

namespace hailstone::go_template {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kMostCharacter = 0x10FFFF;
constexpr std::string_view kShort = "abfnrtv\\'\"";
constexpr std::string_view kShortValues = "\a\b\f\n\r\t\v\\'\"";

bool is_surrogate(char32_t character) noexcept {
  return character >= 0xD800 && character <= 0xDFFF;
}

/// \xHH, \uHHHH, \UHHHHHHHH, \OOO: the digits behind the letter, or the octal ones themselves.
bool append_number(std::string_view& rest, char kind, std::string& out) {
  std::size_t digits = 3;
  if (kind == 'x') digits = 2;
  if (kind == 'u') digits = 4;
  if (kind == 'U') digits = 8;
  const bool octal = kind >= '0' && kind <= '7';
  if (!octal) rest.remove_prefix(1);
  if (rest.size() < digits) return false;
  std::uint32_t number = 0;
  const char* end = rest.data() + digits;
  const auto read = std::from_chars(rest.data(), end, number, octal ? 8 : 16);
  if (read.ec != std::errc() || read.ptr != end) return false;
  rest.remove_prefix(digits);
  if (kind == 'u' || kind == 'U') {
    if (number > kMostCharacter || is_surrogate(number)) return false;
    append_utf8(out, number);
    return true;
  }
  if (number > 0xFF) return false;
  out += static_cast<char>(number);
  return true;
}

void append_hex(std::string& out, const char* mark, std::uint32_t number, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += mark;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kDigits[number >> shift & 15U];
}

}  // namespace

std::optional<std::string> find_unquoted(std::string_view rest) {
  std::string out;
  while (!rest.empty()) {
    if (rest.front() != '\\') {
      out += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    rest.remove_prefix(1);
    if (rest.empty()) return std::nullopt;
    const char kind = rest.front();
    if (const auto at = kShort.find(kind); at != std::string_view::npos) {
      out += kShortValues[at];
      rest.remove_prefix(1);
    } else if (kind != 'x' && kind != 'u' && kind != 'U' && (kind < '0' || kind > '7')) {
      return std::nullopt;
    } else if (!append_number(rest, kind, out)) {
      return std::nullopt;
    }
  }
  return out;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t character = take_character(text);
    const auto bytes = before.substr(0, before.size() - text.size());
    const auto at =
        character < 0x80 ? kShortValues.find(static_cast<char>(character)) : std::string_view::npos;
    if (character == kReplacement && bytes.size() == 1) {
      append_hex(out, "\\x", static_cast<unsigned char>(bytes.front()), 2);
    } else if (at != std::string_view::npos && character != '\'') {
      out += '\\';
      out += kShort[at];
    } else if (character < 0x20 || character == 0x7F) {
      append_hex(out, "\\x", character, 2);
    } else {
      out += bytes;
    }
  }
  return out + '"';
}

std::optional<char32_t> find_character(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const char32_t character = take_character(text);
  return text.empty() ? std::optional(character) : std::nullopt;
}

char32_t take_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  std::size_t length = 1;
  char32_t character = first;
  if (first >= 0xF0 && first < 0xF5) {
    length = 4;
    character = first & 0x07U;
  } else if (first >= 0xE0) {
    length = 3;
    character = first & 0x0FU;
  } else if (first >= 0xC2) {
    length = 2;
    character = first & 0x1FU;
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  bool whole = (first < 0x80 || first >= 0xC2) && first < 0xF5 && text.size() >= length;
  for (std::size_t i = 1; whole && i < length; ++i) {
    whole = (byte(i) & 0xC0U) == 0x80U;
    character = character << 6U | (byte(i) & 0x3FU);
  }
  if (!whole || character < kLeast[length] || is_surrogate(character) ||
      character > kMostCharacter) {
    text.remove_prefix(1);
    return kReplacement;
  }
  text.remove_prefix(length);
  return character;
}

void append_utf8(std::string& out, char32_t character) {
  if (is_surrogate(character) || character > kMostCharacter) character = kReplacement;
  const auto put = [&out](char32_t bits) { out += static_cast<char>(bits); };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xC0U | character >> 6U);
  } else {
    if (character < 0x10000) {
      put(0xE0U | character >> 12U);
    } else {
      put(0xF0U | character >> 18U);
      put(0x80U | (character >> 12U & 0x3FU));
    }
    put(0x80U | (character >> 6U & 0x3FU));
  }
  put(0x80U | (character & 0x3FU));
}

}  // namespace hailstone::go_template
