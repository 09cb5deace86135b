// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/client/query.hpp"

#include "base/strings.hpp"

namespace hailstone::cli {

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
