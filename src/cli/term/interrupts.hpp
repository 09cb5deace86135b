// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ctrl-C as a stop request instead of the end of the program.

#include <mutex>
#include <stop_token>
#include <thread>

namespace hailstone::cli {

/// While it lives, SIGINT stops what was armed last and interrupts blocking calls; nothing else
/// happens. At most one at a time in a process. Owns a thread ("ctrl-c"): request_stop() may not be
/// called from a signal handler.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// A fresh token; the next Ctrl-C stops it. Thread-safe.
  std::stop_token arm();

 private:
  void watch();

  int wake_;  ///< an eventfd
  std::mutex mutex_;
  std::stop_source armed_;  ///< guarded by mutex_
  std::thread thread_;
};

}  // namespace hailstone::cli
