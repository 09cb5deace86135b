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
#include "core/host/judge.hpp"

namespace hailstone::core {

class Metrics;

struct HostOptions {
  std::filesystem::path root = "/";
  HeatLimits limits;
};

struct HostStatus {
  HostReading reading;
  Heat heat = Heat::kCool;
  std::string heat_reason;  ///< why it is not cool
  HeatLimits limits;
  bool is_loaded = false;
};

/// Further thermometers: the chips that engines run on.
using ReadChips = std::function<std::vector<Thermometer>()>;

class HostMonitor {
 public:
  HostMonitor(HostOptions options, Metrics& metrics, const Clock& clock = system_clock());

  /// Reads everything, judges it, logs what has changed. Waits for the chips, and at most a second
  /// for the firmware. One thread.
  HostStatus sample(const ReadChips& read_chips);

  /// Of the last sample. Thread-safe.
  HostStatus status() const;

 private:
  HostReading read(const ReadChips& read_chips);
  void report(const HostStatus& status);

  const HostOptions options_;
  Metrics& metrics_;
  const Clock& clock_;

  // Of the sampling thread.
  HostJudge judge_;
  std::optional<CpuTimes> cpu_before_;
  std::optional<Throttling> throttling_;
  SteadyTime ask_firmware_at_ = SteadyTime::min();

  mutable std::mutex mutex_;
  HostStatus status_;  // guarded by mutex_
};

/// Owns the thread "host".
class HostSampler {
 public:
  using OnSample = std::function<void(const HostStatus&)>;

  /// on_sample is called on the thread, after each sample, the first at once. All that is given
  /// outlives this object.
  HostSampler(HostMonitor& monitor, ReadChips read_chips, OnSample on_sample);
  HostSampler(const HostSampler&) = delete;
  HostSampler& operator=(const HostSampler&) = delete;

 private:
  void run(const std::stop_token& stop);

  HostMonitor& monitor_;
  const ReadChips read_chips_;
  const OnSample on_sample_;
  std::jthread thread_;
};

}  // namespace hailstone::core
