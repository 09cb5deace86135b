// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the daemon still answers: a thread tries, again and again, what requests need. What does
// not come back within the limit is what requests hang on.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/sync/mutex.hpp"

namespace hailstone::status {

struct Organ {
  std::string name;  ///< "the runtime"
  /// Takes the locks that requests take. Called on the pulse's thread; may hang.
  std::function<void()> touch;
};

struct PulseOptions {
  std::chrono::milliseconds interval{5000};
  std::chrono::milliseconds limit{10'000};
};

/// Thread-safe.
class Pulse {
 public:
  explicit Pulse(std::vector<Organ> organs, PulseOptions options = {});
  /// Waits for an organ that hangs.
  ~Pulse() = default;
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  /// "the runtime has not answered for 12 s"; empty: all do. Waits for none of them.
  std::string fault() const;

 private:
  void beat(const std::stop_token& stop);

  const std::vector<Organ> organs_;
  const PulseOptions options_;
  mutable Mutex mutex_;
  const Organ* touched_ HAILSTONE_GUARDED_BY(mutex_) = nullptr;  // null: between two beats
  SteadyTime since_ HAILSTONE_GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace hailstone::status
