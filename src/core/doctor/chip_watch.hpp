// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The chip in short, for the daemon: files alone, no commands, and the chip is not opened.

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/sync/mutex.hpp"
#include "core/doctor/facts/box.hpp"

namespace hailstone::doctor {

struct ChipSummary {
  bool is_present = false;
  std::string chip;     ///< "Hailo-10H"
  std::string address;  ///< "0001:01:00.0"
  std::string node;     ///< "/dev/h1x-0"; "" where there is none
  std::string driver;   ///< "5.3.0"; "" where none is loaded
  std::string library;  ///< likewise
  std::string trouble;  ///< the first thing that keeps this process from the chip; "": nothing seen
};

/// For the user that this process runs as.
ChipSummary summarise_chip(const Box& box);

/// The summary, read again once it is old. Thread-safe.
class ChipWatch {
 public:
  explicit ChipWatch(Box box, const Clock& clock = system_clock());
  /// This machine.
  ChipWatch();

  ChipSummary summary() const;

 private:
  const Box box_;
  const Clock& clock_;
  mutable Mutex mutex_;
  mutable std::optional<ChipSummary> summary_ HAILSTONE_GUARDED_BY(mutex_);
  mutable SteadyTime read_at_ HAILSTONE_GUARDED_BY(mutex_){};
};

}  // namespace hailstone::doctor
