// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers "describe" at once: what there is is looked up in the background, because that may take
// an engine's start, and clients wait for a second at most.

#include <condition_variable>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/sync/mutex.hpp"
#include "services/speech/wyoming/protocol/info.hpp"

namespace hailstone::wyoming {

/// Thread-safe.
class Directory {
 public:
  /// look_up may take long, and throw; it runs on a thread of this. first: until it has been done.
  Directory(Info first, std::function<Info()> look_up);

  /// The event "info" as a frame, as of the last look-up. A new one begins where that was long ago.
  std::string info();

 private:
  void keep(const std::stop_token& stop);

  const std::function<Info()> look_up_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::string frame_ HAILSTONE_GUARDED_BY(mutex_);
  SteadyTime looked_ HAILSTONE_GUARDED_BY(mutex_);
  bool is_wanted_ HAILSTONE_GUARDED_BY(mutex_) = true;
  bool has_looked_ HAILSTONE_GUARDED_BY(mutex_) = false;
  std::jthread thread_;  // last
};

}  // namespace hailstone::wyoming
