// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shows that something is going on while nothing can be shown yet.

#include <condition_variable>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

namespace hailstone::cli {

/// Turns on a line of its own until stop(). Owns a thread ("spinner") that writes to the stream
/// until then; nobody else may.
class Spinner {
 public:
  /// Null: shows nothing. A wait that is over within a moment shows nothing either.
  Spinner(std::ostream* stream, std::string text);
  ~Spinner() { stop(); }
  Spinner(const Spinner&) = delete;
  Spinner& operator=(const Spinner&) = delete;

  /// Wipes the line. Idempotent.
  void stop();

 private:
  void turn(const std::stop_token& stop);

  std::ostream* stream_;
  const std::string text_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace hailstone::cli
