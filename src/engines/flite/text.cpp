// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/flite/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace hailstone::engines::flite {
namespace {

/// U+00C0 to U+017F without accents.
constexpr std::string_view kLatin =
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

struct Replacement {
  char32_t code;
  std::string_view text;
};
constexpr std::array kReplacements = {
    Replacement{0x2018, "'"},       Replacement{0x2019, "'"},      Replacement{0x201C, "\""},
    Replacement{0x201D, "\""},      Replacement{0x2013, ", "},     Replacement{0x2014, ", "},
    Replacement{0x2026, "..."},     Replacement{0x20AC, " euro "}, Replacement{0xA3, " pounds "},
    Replacement{0xB0, " degrees "}, Replacement{0xD7, " times "},  Replacement{0x2212, " minus "},
    Replacement{0xB5, "u"},         Replacement{0xDF, "ss"},       Replacement{0xC6, "AE"},
    Replacement{0xE6, "ae"},
};

/// Takes one character off the front; a byte that begins none becomes U+FFFD.
char32_t take_character(std::string_view& text) noexcept {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0x80 || first < 0xC2 || first > 0xF4 || text.size() < length) {
    text.remove_prefix(1);
    return first < 0x80 ? first : 0xFFFD;
  }
  char32_t code = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) {
      text.remove_prefix(i);
      return 0xFFFD;
    }
    code = code << 6U | (next & 0x3FU);
  }
  text.remove_prefix(length);
  return code;
}

}  // namespace

std::string to_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char32_t code = take_character(text);
    if (code < 0x80) {
      out += code < 0x20 && code != '\n' ? ' ' : static_cast<char>(code);
      continue;
    }
    const auto* known = std::find_if(kReplacements.begin(), kReplacements.end(),
                                     [code](const auto& entry) { return entry.code == code; });
    if (known != kReplacements.end()) {
      out += known->text;
    } else if (code >= 0xC0 && code < 0x180) {
      out += kLatin[code - 0xC0];
    } else {
      out += ' ';
    }
  }
  return out;
}

}  // namespace hailstone::engines::flite
