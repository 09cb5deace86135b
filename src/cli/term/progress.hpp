// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far a long task is: a bar with rate and remaining time on a terminal, plain lines elsewhere.

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

#include "base/clock.hpp"
#include "cli/term/console.hpp"

namespace hailstone::cli {

/// One step of a task; sizes in bytes, zero: not told.
struct Step {
  std::string status;
  std::uint64_t total = 0;
  std::uint64_t completed = 0;
};

/// How fast a step goes. What was there when it began is not this run's work. A value; pure.
class Rate {
 public:
  void add(std::uint64_t completed, SteadyTime now) noexcept;
  double bytes_per_second() const noexcept;

 private:
  bool started_ = false;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  SteadyTime begin_{};
  SteadyTime end_{};
};

/// "pulling 4f659a1e86d7  43% ▕████    ▏ 350 MB/815 MB  12 MB/s  38s", at most so many cells wide.
std::string format_step(const Step& step, double bytes_per_second, int columns);

/// Writes to the console's err. One thread. The references outlive it.
class ProgressView {
 public:
  explicit ProgressView(const Console& console, const Clock& clock = system_clock())
      : console_(console), clock_(clock) {}
  /// Leaves the cursor on a line of its own.
  ~ProgressView();
  ProgressView(const ProgressView&) = delete;
  ProgressView& operator=(const ProgressView&) = delete;

  void show(const Step& step);

 private:
  void draw(const Step& step);
  void print(const Step& step);

  const Console& console_;
  const Clock& clock_;
  std::string status_;
  Rate rate_;
  SteadyTime drawn_{};
  bool line_is_open_ = false;
  std::uint64_t printed_tenths_ = 0;  ///< of the step, where lines are plain
};

}  // namespace hailstone::cli
