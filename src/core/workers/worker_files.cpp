// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/workers/worker_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "core/catalog/toml_fields.hpp"
#include "core/workers/worker_file.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostFiles = 1024;  // of a folder; the rest is not looked at

/// A file as it is now; empty where there is none.
std::string stamp_of(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return std::to_string(info.st_ino) + ":" + std::to_string(info.st_size) + ":" +
         std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (entries.size() == kMostFiles) break;
    entries.push_back(it->path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// A manifest with the state of all that belongs to it.
struct Found {
  fs::path manifest;
  std::string stamp;
};

bool is_code(const fs::path& file) {
  return file.extension() == ".py" || file.extension() == ".toml" || file.extension() == ".txt";
}

Found find_in_folder(const fs::path& manifest) {
  Found found{manifest, {}};
  for (const auto& file : entries_of(manifest.parent_path())) {
    if (is_code(file)) found.stamp += file.filename().native() + "=" + stamp_of(file) + ";";
  }
  return found;
}

/// A file of the same name beside it is taken for its code.
Found find_single(const fs::path& manifest) {
  fs::path code = manifest;
  code.replace_extension(".py");
  return {manifest, stamp_of(manifest) + ";" + stamp_of(code)};
}

std::vector<Found> find_manifests(const std::vector<fs::path>& folders) {
  std::vector<Found> found;
  for (const auto& folder : folders) {
    for (const auto& entry : entries_of(folder)) {
      const fs::path inner = entry / "worker.toml";
      if (entry.extension() == ".toml") found.push_back(find_single(entry));
      if (entry.extension() != ".toml" && !stamp_of(inner).empty()) {
        found.push_back(find_in_folder(inner));
      }
    }
  }
  return found;
}

std::shared_ptr<const WorkerTable> read_table(const std::vector<Found>& found,
                                              std::uint64_t number) {
  auto table = std::make_shared<WorkerTable>();
  table->number = number;
  std::map<std::string, inference::WorkerPtr> workers;
  for (const auto& [manifest, stamp] : found) {
    try {
      auto worker = parse_worker_file(read_toml_file(manifest), manifest);
      worker.version = stamp;
      auto name = worker.name;
      workers[std::move(name)] =
          std::make_shared<const inference::WorkerManifest>(std::move(worker));
    } catch (const Error& error) {  // one bad file is not the end of the others
      table->problems.emplace_back(error.what());
    }
  }
  for (auto& [name, worker] : workers) table->workers.push_back(std::move(worker));
  return table;
}

/// Those that are not told already.
void tell_problems(const WorkerTable& before, const WorkerTable& now) {
  for (const auto& problem : now.problems) {
    const auto& told = before.problems;
    if (std::find(told.begin(), told.end(), problem) != told.end()) continue;
    log::error("workers", "a worker's file is left out", {{"problem", problem}});
  }
}

}  // namespace

inference::WorkerPtr WorkerTable::find(std::string_view name) const noexcept {
  for (const auto& worker : workers) {
    if (worker->name == name) return worker;
  }
  return nullptr;
}

WorkerFiles::WorkerFiles(std::vector<fs::path> folders)
    : folders_(std::move(folders)), table_(std::make_shared<const WorkerTable>()) {}

std::shared_ptr<const WorkerTable> WorkerFiles::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

bool WorkerFiles::refresh() {
  const std::lock_guard refreshing(refreshing_);
  const auto found = find_manifests(folders_);
  std::string seen;
  for (const auto& [manifest, stamp] : found) seen += manifest.native() + "|" + stamp + "\n";
  if (seen == seen_) return false;
  const auto fresh = read_table(found, table()->number + 1);
  seen_ = std::move(seen);
  std::shared_ptr<const WorkerTable> before;
  {
    const std::lock_guard lock(mutex_);
    before = std::exchange(table_, fresh);
  }
  tell_problems(*before, *fresh);
  return true;
}

}  // namespace hailstone::core
