// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/facts/version.hpp"

#include <charconv>

namespace hailstone::doctor {
namespace {

bool is_digit(char letter) noexcept {
  return letter >= '0' && letter <= '9';
}

/// Three numbers with dots between them, at the front of text.
std::optional<Version> parse_front(std::string_view text) {
  Version version;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int* part : {&version.major, &version.minor, &version.revision}) {
    if (part != &version.major) {
      if (at == end || *at != '.') return std::nullopt;
      ++at;
    }
    const auto result = std::from_chars(at, end, *part);
    if (result.ec != std::errc{}) return std::nullopt;
    at = result.ptr;
  }
  return version;
}

}  // namespace

std::string to_string(const Version& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
         std::to_string(version.revision);
}

std::optional<Version> find_version(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i]) || (i > 0 && (is_digit(text[i - 1]) || text[i - 1] == '-'))) continue;
    if (auto version = parse_front(text.substr(i))) return version;
  }
  return std::nullopt;
}

}  // namespace hailstone::doctor
