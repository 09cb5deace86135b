// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/environment.hpp"

#include <string_view>

#include "base/strings.hpp"

extern char** environ;

namespace hailstone::core {

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

std::optional<std::string> find_variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  if (found == environment.end()) return std::nullopt;
  std::string_view value = trim(found->second);
  while (!value.empty() && (value.front() == '"' || value.front() == '\'')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == '"' || value.back() == '\'')) value.remove_suffix(1);
  if (value.empty()) return std::nullopt;
  return std::string(value);
}

std::optional<std::string> find_user_folder(const Environment& environment,
                                            const std::string& variable,
                                            const std::string& under_home) {
  // The XDG rules say that a relative path in such a variable is to be ignored.
  if (const auto base = find_variable(environment, variable); base && base->front() == '/') {
    return *base + "/hailstone";
  }
  if (const auto home = find_variable(environment, "HOME")) {
    return *home + '/' + under_home + "/hailstone";
  }
  return std::nullopt;
}

}  // namespace hailstone::core
