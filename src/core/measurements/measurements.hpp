// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How fast models load and run on this machine, kept in a file over restarts.

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/measurements/measurement.hpp"

namespace hailstone::core {

/// Thread-safe. A figure of another machine, another version of the engine or another content of
/// the model stays in the file, but is not found. Of too many the oldest go.
class Measurements {
 public:
  static constexpr std::size_t kMost = 1024;

  /// A file that is not there is empty; one that cannot be read is set aside (".bad") and logged.
  /// machine: see machine_name(). The clock outlives it.
  Measurements(std::filesystem::path file, std::string machine,
               const Clock& clock = system_clock());

  const std::string& machine() const noexcept { return machine_; }

  std::optional<Measurement> find(const MeasuredModel& model) const;

  /// All of this machine, by the model's name.
  std::vector<Measurement> list() const;

  /// These write the file, which takes some milliseconds; where that fails, it is logged, and the
  /// figure lasts until this process ends. A load that took about as long as the one before is not
  /// written: flash memory wears out.
  void note_load(const MeasuredModel& model, std::chrono::nanoseconds time);
  void note_speed(const MeasuredModel& model, const Speed& speed,
                  const inference::Footprint& memory);
  /// Of the model of that name, in upper or lower case, whatever it contained.
  void forget(const std::string& name);

 private:
  Measurement& entry(const MeasuredModel& model);
  void save(std::unique_lock<std::mutex> lock);

  const std::filesystem::path file_;
  const std::string machine_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  std::vector<Measurement> all_;  ///< guarded by mutex_, as the next two; the oldest first
  bool is_saving_ = false;        ///< by a thread that has not got the lock meanwhile
  bool is_changed_ = false;       ///< since that thread looked
};

}  // namespace hailstone::core
