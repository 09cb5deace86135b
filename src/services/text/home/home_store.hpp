// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The home that this machine serves, in one small file.

#include <filesystem>
#include <memory>

#include "base/sync/mutex.hpp"
#include "services/text/home/home_index.hpp"

namespace hailstone::home {

/// Thread-safe.
class HomeStore {
 public:
  /// Without the file, or where it cannot be read (which is logged), the home is empty.
  explicit HomeStore(std::filesystem::path file);

  /// Never null; what is changed later is another object.
  std::shared_ptr<const HomeIndex> home() const;
  /// On the disk before it returns. Throws Error(kInternal) where that fails.
  void replace(Home home);

 private:
  const std::filesystem::path file_;
  mutable Mutex mutex_;
  std::shared_ptr<const HomeIndex> home_ HAILSTONE_GUARDED_BY(mutex_);
};

}  // namespace hailstone::home
