// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the machine is: read every few seconds by one thread, and kept for whoever asks.

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.hpp"
#include "core/machine/judge.hpp"

namespace hailstone::core {

class Metrics;

struct MachineOptions {
  std::filesystem::path root = "/";
  HeatLimits limits;
};

struct MachineStatus {
  MachineReading reading;
  Heat heat = Heat::kCool;
  std::string heat_reason;  ///< why it is not cool
  HeatLimits limits;
  bool is_loaded = false;
};

/// Further thermometers: the chips that engines run on.
using ReadChips = std::function<std::vector<Thermometer>()>;

class MachineMonitor {
 public:
  MachineMonitor(MachineOptions options, Metrics& metrics, const Clock& clock = system_clock());

  /// Reads everything, judges it, logs what has changed. Waits for the chips, and at most a second
  /// for the firmware. One thread.
  MachineStatus sample(const ReadChips& read_chips);

  /// Of the last sample. Thread-safe.
  MachineStatus status() const;

 private:
  MachineReading read(const ReadChips& read_chips);
  void report(const MachineStatus& status);

  const MachineOptions options_;
  Metrics& metrics_;
  const Clock& clock_;

  // Of the sampling thread.
  MachineJudge judge_;
  std::optional<CpuTimes> cpu_before_;
  std::optional<Throttling> throttling_;
  SteadyTime ask_firmware_at_ = SteadyTime::min();

  mutable std::mutex mutex_;
  MachineStatus status_;  // guarded by mutex_
};

/// Owns the thread "host".
class MachineSampler {
 public:
  using OnSample = std::function<void(const MachineStatus&)>;

  /// on_sample is called on the thread, after each sample, the first at once. All that is given
  /// outlives this object.
  MachineSampler(MachineMonitor& monitor, ReadChips read_chips, OnSample on_sample);
  MachineSampler(const MachineSampler&) = delete;
  MachineSampler& operator=(const MachineSampler&) = delete;

 private:
  void run(const std::stop_token& stop);

  MachineMonitor& monitor_;
  const ReadChips read_chips_;
  const OnSample on_sample_;
  std::jthread thread_;
};

}  // namespace hailstone::core
