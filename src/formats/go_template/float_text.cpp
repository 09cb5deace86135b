// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/float_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

namespace hailstone::go_template {
namespace {

std::string convert(double value, std::chars_format format, int precision) {
  // A double written out has some 310 digits before the point.
  std::vector<char> room(400 + static_cast<std::size_t>(std::max(precision, 0)));
  char* const begin = room.data();
  char* const end = begin + room.size();
  const auto done = precision < 0 ? std::to_chars(begin, end, value, format)
                                  : std::to_chars(begin, end, value, format, precision);
  return {begin, done.ptr};
}

/// The power of ten of the number, after rounding to the digits that are asked for.
int exponent_of(double value, int precision) {
  const std::string text = convert(value, std::chars_format::scientific,
                                   precision < 0 ? -1 : std::max(precision - 1, 0));
  int exponent = 0;
  std::string_view digits = std::string_view(text).substr(text.find('e') + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  return exponent;
}

std::string general(double value, int precision, int most) {
  const int exponent = exponent_of(value, precision);
  const bool scientific = exponent < -4 || exponent >= most;
  if (precision < 0) {
    return convert(value, scientific ? std::chars_format::scientific : std::chars_format::fixed,
                   -1);
  }
  return convert(value, std::chars_format::general, precision);
}

std::string json(double value) {
  const double size = std::abs(value);
  const bool scientific = size != 0 && (size < 1e-6 || size >= 1e21);
  std::string text =
      convert(value, scientific ? std::chars_format::scientific : std::chars_format::fixed, -1);
  // e-09 is written as e-9.
  const auto e = text.find("e-0");
  if (e != std::string::npos) text.erase(e + 2, 1);
  return text;
}

}  // namespace

std::string float_text(double value, char style, int precision) {
  if (std::isnan(value)) return style == 'j' ? "null" : "NaN";
  if (std::isinf(value)) return style == 'j' ? "null" : value < 0 ? "-Inf" : "+Inf";
  constexpr int kShortestMost = 6;
  switch (style) {
    case 'j':
      return json(value);
    case 'e':
      return convert(value, std::chars_format::scientific, precision < 0 ? 6 : precision);
    case 'f':
      return convert(value, std::chars_format::fixed, precision < 0 ? 6 : precision);
    default:
      return general(value, precision, precision < 0 ? kShortestMost : std::max(precision, 1));
  }
}

}  // namespace hailstone::go_template
