// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/client/query.hpp"

#include "base/strings.hpp"

namespace hailstone::cli {
namespace {

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char& c : text) {
    out += is_unreserved(c) ? std::string(1, c) : '%' + to_upper(to_hex({&c, 1}));
  }
  return out;
}

}  // namespace

std::string make_target(std::string_view path, const Fields& fields) {
  std::string target(path);
  char separator = '?';
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    target += separator + percent_encode(name) + '=' + percent_encode(value);
    separator = '&';
  }
  return target;
}

}  // namespace hailstone::cli
