// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/store_roots.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace hailstone::core {
namespace {

using std::filesystem::path;

std::vector<path> candidates(const Settings& settings, const Environment& environment,
                             const path& executable) {
  std::vector<path> roots = settings.models;
  if (roots.empty()) roots.push_back(settings.home / "models");
  const auto data = find_variable(environment, "XDG_DATA_DIRS");
  for (const auto& folder : split(data.value_or("/usr/local/share:/usr/share"), ':')) {
    if (folder.starts_with('/')) roots.push_back(path(folder) / "hailstone/models");
  }
  roots.emplace_back("/usr/share/hailstone/models");
  if (!executable.empty()) {
    roots.push_back(executable.parent_path().parent_path() / "share/hailstone/models");
  }
  // Ollama's own places: as a user, as Debian's and as its own installer's service.
  if (const auto home = find_variable(environment, "HOME")) {
    roots.push_back(path(*home) / ".ollama/models");
  }
  roots.emplace_back("/var/lib/ollama/models");
  roots.emplace_back("/usr/share/ollama/.ollama/models");
  return roots;
}

}  // namespace

std::vector<path> store_roots(const Settings& settings, const Environment& environment,
                              const path& executable) {
  std::vector<path> roots;
  for (const path& candidate : candidates(settings, environment, executable)) {
    const path root = candidate.lexically_normal();
    if (std::find(roots.begin(), roots.end(), root) == roots.end()) roots.push_back(root);
  }
  return roots;
}

}  // namespace hailstone::core
