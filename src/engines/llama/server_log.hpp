// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What llama-server writes to stderr: for our log at debug level, and for the reason why a model
// could not be loaded.

#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hailstone::engines::llama {

/// Thread-safe.
class ServerLog {
 public:
  /// One line, logged and remembered if it tells of an error.
  void add(std::string_view line);

  /// Why the server gave up, for people. Its detail is what the server said last.
  Error load_error(const std::string& how_it_ended) const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> errors_;  ///< the last ones; guarded by mutex_
};

}  // namespace hailstone::engines::llama
