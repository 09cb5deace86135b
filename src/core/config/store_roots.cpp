// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/store_roots.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace hailstone::core {
namespace {

using std::filesystem::path;

/// What came with the program, or with a package: read-only.
std::vector<path> data_folders(const Environment& environment, const path& executable) {
  std::vector<path> folders;
  const auto data = find_variable(environment, "XDG_DATA_DIRS");
  for (const auto& folder : split(data.value_or("/usr/local/share:/usr/share"), ':')) {
    if (folder.starts_with('/')) folders.push_back(path(folder) / "hailstone");
  }
  folders.emplace_back("/usr/share/hailstone");
  if (!executable.empty()) {
    folders.push_back(executable.parent_path().parent_path() / "share/hailstone");
  }
  return folders;
}

std::vector<path> candidates(const Settings& settings, const Environment& environment,
                             const path& executable) {
  std::vector<path> roots = settings.models;
  if (roots.empty()) roots.push_back(settings.home / "models");
  for (const auto& folder : data_folders(environment, executable)) {
    roots.push_back(folder / "models");
  }
  // Ollama's own places: as a user, as Debian's and as its own installer's service.
  if (const auto home = find_variable(environment, "HOME")) {
    roots.push_back(path(*home) / ".ollama/models");
  }
  roots.emplace_back("/var/lib/ollama/models");
  roots.emplace_back("/usr/share/ollama/.ollama/models");
  return roots;
}

std::vector<path> without_repeats(const std::vector<path>& folders) {
  std::vector<path> out;
  for (const path& folder : folders) {
    const path normal = folder.lexically_normal();
    if (std::find(out.begin(), out.end(), normal) == out.end()) out.push_back(normal);
  }
  return out;
}

/// The last one counts most, the user's own.
std::vector<path> description_folders(const char* name, const Settings& settings,
                                      const Environment& environment, const path& executable) {
  std::vector<path> folders;
  for (const auto& folder : data_folders(environment, executable)) {
    folders.insert(folders.begin(), folder / name);
  }
  folders.push_back(path("/etc/hailstone") / name);
  folders.push_back(settings.home / name);
  return without_repeats(folders);
}

}  // namespace

std::vector<path> store_roots(const Settings& settings, const Environment& environment,
                              const path& executable) {
  return without_repeats(candidates(settings, environment, executable));
}

std::vector<path> catalog_folders(const Settings& settings, const Environment& environment,
                                  const path& executable) {
  std::vector<path> folders = {settings.home / "catalog"};
  for (const auto& folder : data_folders(environment, executable)) {
    folders.push_back(folder / "catalog");
  }
  return without_repeats(folders);
}

std::vector<path> engine_folders(const Settings& settings, const Environment& environment,
                                 const path& executable) {
  return description_folders("engines.d", settings, environment, executable);
}

std::vector<path> worker_folders(const Settings& settings, const Environment& environment,
                                 const path& executable) {
  return description_folders("workers.d", settings, environment, executable);
}

std::vector<path> queue_folders(const Settings& settings, const Environment& environment,
                                const path& executable) {
  return description_folders("queues.d", settings, environment, executable);
}

std::vector<path> python_folders(const Environment& environment, const path& executable) {
  std::vector<path> folders;
  for (const auto& folder : data_folders(environment, executable)) {
    folders.push_back(folder / "python");
  }
  return without_repeats(folders);
}

path engine_program_folder(const path& executable) {
  const path beside = executable.parent_path();
  const path installed = beside.parent_path() / "libexec/hailstone";
  std::error_code ignored;
  const bool is_installed = std::filesystem::exists(installed / "hailstone-host-fake", ignored);
  return is_installed ? installed : beside;
}

}  // namespace hailstone::core
