// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/human.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace hailstone::cli {
namespace {

struct Unit {
  std::int64_t seconds;
  std::string_view name;
};

constexpr std::array kUnits = {
    Unit{31'557'600, "year"}, Unit{2'629'800, "month"}, Unit{604'800, "week"}, Unit{86'400, "day"},
    Unit{3'600, "hour"},      Unit{60, "minute"},       Unit{1, "second"}};

/// Takes a number of exactly that many digits and the character behind it off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits, char behind) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  const auto result = std::from_chars(text.data(), text.data() + digits, value);
  if (result.ec != std::errc{} || result.ptr != text.data() + digits) return std::nullopt;
  text.remove_prefix(digits);
  if (behind == '\0') return value;
  if (text.empty() || text.front() != behind) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

std::optional<std::chrono::seconds> find_offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::seconds{0};
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2, ':');
  const auto minutes = take_number(text, 2, '\0');
  if (!hours || !minutes || !text.empty()) return std::nullopt;
  return std::chrono::seconds{sign * (*hours * 3600 + *minutes * 60)};
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_number(text, 4, '-');
  const auto month = take_number(text, 2, '-');
  const auto day = take_number(text, 2, 'T');
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

}  // namespace

std::string human_bytes(std::int64_t bytes) {
  constexpr std::array kNames = {"B", "KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < kNames.size(); ++unit) value /= 1000;
  char text[32];
  // Two digits that mean something: "1.3 GB", but "13 GB".
  std::snprintf(text, sizeof text, unit > 0 && value < 9.95 ? "%.1f %s" : "%.0f %s", value,
                kNames[unit]);
  return text;
}

std::optional<std::chrono::sys_seconds> find_time(std::string_view text) {
  const auto date = take_date(text);
  const auto hour = take_number(text, 2, ':');
  const auto minute = take_number(text, 2, ':');
  const auto second = take_number(text, 2, '\0');
  if (!date || !hour || !minute || !second) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  }
  const auto offset = find_offset(text);
  if (!offset) return std::nullopt;
  return *date + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} - *offset;
}

std::string relative_time(std::chrono::sys_seconds time, std::chrono::sys_seconds now) {
  constexpr std::int64_t kCentury = 100 * 31'557'600LL;
  const std::int64_t ahead = (time - now).count();
  if (ahead > kCentury) return "Forever";
  const std::int64_t distance = ahead < 0 ? -ahead : ahead;
  for (const Unit& unit : kUnits) {
    if (distance < unit.seconds) continue;
    const std::int64_t count = distance / unit.seconds;
    return std::to_string(count) + ' ' + std::string(unit.name) + (count == 1 ? "" : "s") +
           (ahead < 0 ? " ago" : " from now");
  }
  return "just now";
}

}  // namespace hailstone::cli
