// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/files/labels.hpp"

#include <algorithm>
#include <charconv>

#include "base/strings.hpp"

namespace hailstone::cli {
namespace {

std::string_view take_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n,"), text.size()));
  return text;
}

}  // namespace

std::optional<std::vector<std::string>> find_labels(std::string_view text) {
  text = trim(text);
  if (!text.starts_with('{') || !text.ends_with('}')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<std::string> labels;
  for (text = take_blanks(text); !text.empty(); text = take_blanks(text)) {
    std::size_t index = 0;
    const auto number = std::from_chars(text.data(), text.data() + text.size(), index);
    // In order, and none left out: then the place in the list is the class.
    if (number.ec != std::errc{} || index != labels.size()) return std::nullopt;
    text = trim(text.substr(static_cast<std::size_t>(number.ptr - text.data())));
    if (!text.starts_with(':')) return std::nullopt;
    text = take_blanks(text.substr(1));
    if (text.empty() || (text.front() != '\'' && text.front() != '"')) return std::nullopt;
    const auto end = text.find(text.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    labels.emplace_back(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  }
  if (labels.empty()) return std::nullopt;
  return labels;
}

}  // namespace hailstone::cli
