// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How long a piece of work may take, who may call it off, and how urgent it is. Everything that
// blocks takes one: every wait has a deadline, every run a stop token.

#include <chrono>
#include <cstddef>
#include <stop_token>

#include "base/clock.hpp"
#include "base/lane.hpp"

namespace hailstone {

/// A point in steady time. A value.
class Deadline {
 public:
  static Deadline at(SteadyTime time) noexcept { return Deadline(time); }
  static Deadline in(std::chrono::nanoseconds wait, const Clock& clock = system_clock()) noexcept {
    return Deadline(clock.now() + std::chrono::duration_cast<SteadyTime::duration>(wait));
  }
  static Deadline never() noexcept { return Deadline(SteadyTime::max()); }

  SteadyTime time() const noexcept { return time_; }
  bool is_never() const noexcept { return time_ == SteadyTime::max(); }
  bool has_passed(const Clock& clock = system_clock()) const noexcept {
    return !is_never() && clock.now() >= time_;
  }
  /// Never negative.
  std::chrono::nanoseconds remaining(const Clock& clock = system_clock()) const noexcept;
  Deadline earlier(Deadline other) const noexcept { return time_ < other.time_ ? *this : other; }

 private:
  explicit Deadline(SteadyTime time) noexcept : time_(time) {}
  SteadyTime time_;
};

struct RunContext {
  Deadline deadline = Deadline::never();
  std::stop_token stop = {};
  Lane lane = Lane::kInteractive;
  /// Where the place is noted that it had in a queue for a model, counted from 1. May be null.
  std::size_t* queue_position = nullptr;

  /// Throws Error(kCancelled) when called off, Error(kTimeout) when too late.
  void check() const;
};

/// Waits for so long; ends early, as check() throws, when the run is called off or too late.
void pause(std::chrono::nanoseconds time, const RunContext& run);

}  // namespace hailstone
