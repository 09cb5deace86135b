// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The workers that the files in some folders describe, as they are now: workers.d/NAME.toml, or
// workers.d/NAME/worker.toml with all that it needs beside it.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "inference/worker/worker_manifest.hpp"

namespace hailstone::core {

/// Never changes.
struct WorkerTable {
  std::uint64_t number = 0;                     ///< grows with each change
  std::vector<inference::WorkerPtr> workers{};  ///< by name
  std::vector<std::string> problems{};          ///< of files that are left out, each with its place

  /// Null where there is none.
  inference::WorkerPtr find(std::string_view name) const noexcept;
};

/// Thread-safe.
class WorkerFiles {
 public:
  /// Of several files for one worker that of the last folder counts. A folder may be missing.
  explicit WorkerFiles(std::vector<std::filesystem::path> folders);

  /// As it was when somebody looked last; never null.
  std::shared_ptr<const WorkerTable> table() const;

  /// Looks at the disk, and reads the files where one has changed, come or gone: then true. A bad
  /// file is one of the table's problems, and logged once. Throws nothing for what is in files.
  bool refresh();

 private:
  const std::vector<std::filesystem::path> folders_;
  std::mutex refreshing_;
  std::string seen_;  // guarded by refreshing_: names, sizes and times of all files

  mutable std::mutex mutex_;
  std::shared_ptr<const WorkerTable> table_;  // guarded by mutex_
};

}  // namespace hailstone::core
