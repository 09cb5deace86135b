// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/tasks/text_fields.hpp"

#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::services {
namespace {

constexpr std::size_t kShownText = 40;

[[noreturn]] void refuse(std::string_view field, std::string_view text, const std::string& wanted) {
  throw Error(ErrorCode::kBadRequest, std::string(field) + " must be " + wanted + ", got '" +
                                          std::string(utf8_prefix(text, kShownText)) + "'");
}

/// 0.5, not 0.500000.
std::string to_short(double number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return {digits, end};
}

template <typename Number>
std::optional<Number> find_number(std::string_view text) {
  text = trim(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

double parse_number(std::string_view field, std::string_view text, double min, double max) {
  const auto number = find_number<double>(text);
  if (number && *number >= min && *number <= max) return *number;
  refuse(field, text, "a number from " + to_short(min) + " to " + to_short(max));
}

int parse_integer(std::string_view field, std::string_view text, int min, int max) {
  const auto number = find_number<int>(text);
  if (number && *number >= min && *number <= max) return *number;
  refuse(field, text, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
}

bool parse_truth(std::string_view field, std::string_view text) {
  const std::string word = to_lower(trim(text));
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  refuse(field, text, "true or false");
}

std::size_t parse_word(std::string_view field, std::string_view text,
                       std::span<const std::string_view> words) {
  const std::string word = to_lower(trim(text));
  std::string known;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (word == words[i]) return i;
    known += (i == 0 ? "" : ", ") + std::string(words[i]);
  }
  refuse(field, text, "one of: " + known);
}

std::vector<std::string> parse_names(std::string_view text) {
  std::vector<std::string> names;
  for (const auto& part : split(text, ',')) {
    if (const auto name = trim(part); !name.empty()) names.emplace_back(name);
  }
  return names;
}

}  // namespace hailstone::services
