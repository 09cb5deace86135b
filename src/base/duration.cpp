// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/duration.hpp"

#include <cstdint>
#include <limits>

namespace hailstone {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

// A name comes before every other that is a prefix of it.
constexpr Unit kUnits[] = {
    {"ns", 1},          {"us", 1'000},        {"\u00b5s", 1'000},  // micro sign
    {"\u03bcs", 1'000},                                            // Greek mu, which looks the same
    {"ms", 1'000'000},  {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000},
};

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMinute = 60 * kSecond;
constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) noexcept {
  return a > kMax - b ? kMax : a + b;
}

std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) noexcept {
  return b != 0 && a > kMax / b ? kMax : a * b;
}

bool is_digit(std::string_view text, std::size_t at) noexcept {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

struct Number {
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;
  std::uint64_t scale = 1;  ///< the fraction is fraction / scale
};

/// Takes a number such as "1", "1.5" or ".5" off the front of text.
std::optional<Number> take_number(std::string_view& text) noexcept {
  // Twelve digits of an hour are finer than a nanosecond; more would only overflow.
  constexpr std::uint64_t kFinest = 1'000'000'000'000;
  Number number;
  std::size_t digits = 0;
  std::size_t at = 0;
  for (; is_digit(text, at); ++at, ++digits) {
    number.whole = saturating_add(saturating_multiply(number.whole, 10), text[at] - '0');
  }
  if (at < text.size() && text[at] == '.') {
    for (++at; is_digit(text, at); ++at, ++digits) {
      if (number.scale == kFinest) continue;
      number.fraction = number.fraction * 10 + (text[at] - '0');
      number.scale *= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(at);
  return number;
}

std::optional<std::uint64_t> take_unit(std::string_view& text) noexcept {
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.nanoseconds;
  }
  return std::nullopt;
}

std::uint64_t nanoseconds(const Number& number, std::uint64_t unit) noexcept {
  const double fraction = static_cast<double>(number.fraction) / static_cast<double>(number.scale);
  return saturating_add(saturating_multiply(number.whole, unit),
                        static_cast<std::uint64_t>(fraction * static_cast<double>(unit)));
}

/// "1.5" for 1500 thousandths.
std::string decimal(std::uint64_t value, std::uint64_t scale) {
  std::string text = std::to_string(value / scale);
  if (value % scale == 0) return text;
  // scale + remainder has a leading 1 that keeps the zeros after the point.
  std::string fraction = std::to_string(scale + value % scale).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return text + '.' + fraction;
}

}  // namespace

std::optional<std::chrono::nanoseconds> find_go_duration(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::chrono::nanoseconds{0};
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  while (!text.empty()) {
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    const auto unit = take_unit(text);
    if (!unit) return std::nullopt;
    total = saturating_add(total, nanoseconds(*number, *unit));
  }
  const auto count = static_cast<std::int64_t>(total);
  return std::chrono::nanoseconds{negative ? -count : count};
}

std::string to_go_duration(std::chrono::nanoseconds duration) {
  const std::int64_t count = duration.count();
  const std::uint64_t size =
      count < 0 ? ~static_cast<std::uint64_t>(count) + 1 : static_cast<std::uint64_t>(count);
  const std::string sign = count < 0 ? "-" : "";
  if (size == 0) return "0s";
  if (size < 1'000) return sign + std::to_string(size) + "ns";
  if (size < 1'000'000) return sign + decimal(size, 1'000) + "us";
  if (size < kSecond) return sign + decimal(size, 1'000'000) + "ms";
  const std::uint64_t minutes = size / kMinute;
  std::string text = sign;
  if (minutes >= 60) text += std::to_string(minutes / 60) + 'h';
  if (minutes > 0) text += std::to_string(minutes % 60) + 'm';
  return text + decimal(size % kMinute, kSecond) + 's';
}

}  // namespace hailstone
