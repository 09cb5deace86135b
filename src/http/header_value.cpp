// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/header_value.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::http {
namespace {

// Takes a quotation, its first quote already taken, from the front of text.
std::string take_quoted(std::string_view& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (text[i] == '\\' && (next == '"' || next == '\\')) ++i;
    out += text[i];
  }
  throw Error(ErrorCode::kBadRequest, "a header has a quotation without end");
}

}  // namespace

const std::string* HeaderValue::find(std::string_view name) const noexcept {
  for (const auto& [known, text] : parameters) {
    if (known == name) return &text;
  }
  return nullptr;
}

HeaderValue parse_header_value(std::string_view text) {
  HeaderValue result;
  const auto skip_to = [&text](char c) {
    text.remove_prefix(std::min(std::min(text.find(c), text.size()) + 1, text.size()));
  };
  result.value = to_lower(trim(text.substr(0, text.find(';'))));
  skip_to(';');
  while (!text.empty()) {
    const auto end = text.find_first_of("=;");
    auto name = to_lower(trim(text.substr(0, end)));
    if (end == std::string_view::npos || text[end] == ';') {  // a name alone says nothing
      skip_to(';');
      continue;
    }
    text.remove_prefix(end + 1);
    std::string value;
    if (!text.empty() && text.front() == '"') {
      text.remove_prefix(1);
      value = take_quoted(text);
    } else {
      value = std::string(trim(text.substr(0, text.find(';'))));
    }
    skip_to(';');
    result.parameters.emplace_back(std::move(name), std::move(value));
  }
  return result;
}

}  // namespace hailstone::http
