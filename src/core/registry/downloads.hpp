// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is being downloaded right now: who wants the same gets the same download. One thread a
// download, so that it belongs to all who wait for it and not to the one that came first.

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/registry/part_download.hpp"

namespace hailstone::core {

/// Thread-safe.
class Downloads {
 public:
  using Work = std::function<Blob(const OnBytes& on_bytes, const RunContext& run)>;

  Downloads() = default;
  /// Stops what runs, and waits for it.
  ~Downloads();
  Downloads(const Downloads&) = delete;
  Downloads& operator=(const Downloads&) = delete;

  /// Joins the download of that key, or begins it with that work. on_bytes is called on this
  /// thread, about every 60 ms while something moves; what it throws leaves the download. The last
  /// one that leaves stops it. Throws what the work threw, and as RunContext::check() does.
  Blob fetch(const std::string& key, const Work& work, const OnBytes& on_bytes,
             const RunContext& run);

 private:
  struct Download;
  using Lock = std::unique_lock<std::mutex>;

  std::shared_ptr<Download> join_or_begin(Lock& lock, const std::string& key, const Work& work,
                                          const RunContext& run);
  void perform(std::shared_ptr<Download> download, const Work& work);
  /// Throws as RunContext::check() does where that comes before the condition.
  void await(Lock& lock, const RunContext& run, const std::function<bool()>& condition);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, std::shared_ptr<Download>> table_;  ///< guarded by mutex_
  std::vector<std::jthread> done_;                          ///< guarded by mutex_
};

}  // namespace hailstone::core
