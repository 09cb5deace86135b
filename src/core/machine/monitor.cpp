// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/machine/monitor.hpp"

#include <condition_variable>
#include <utility>

#include "base/error.hpp"
#include "core/metrics/metrics.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::core {
namespace {

constexpr std::chrono::seconds kInterval{5};
/// The firmware is asked by starting a program.
constexpr std::chrono::seconds kFirmwareInterval{30};
constexpr std::chrono::seconds kFirmwareLimit{1};

}  // namespace

MachineMonitor::MachineMonitor(MachineOptions options, Metrics& metrics, const Clock& clock)
    : options_(std::move(options)), metrics_(metrics), clock_(clock), judge_(options_.limits) {}

MachineStatus MachineMonitor::sample(const ReadChips& read_chips) {
  MachineStatus status;
  status.reading = read(read_chips);
  for (const auto& change : judge_.judge(status.reading, clock_.now())) {
    log::warning("host", "the machine has changed",
                 {{"what", change.what}, {"now", change.now}, {"reason", change.reason}});
  }
  status.heat = judge_.heat();
  status.heat_reason = judge_.heat_reason();
  status.limits = options_.limits;
  status.is_loaded = judge_.is_loaded();
  report(status);
  const std::lock_guard lock(mutex_);
  return status_ = std::move(status);
}

MachineReading MachineMonitor::read(const ReadChips& read_chips) {
  MachineReading reading;
  reading.thermometers = read_thermal_zones(options_.root);
  for (auto& chip : read_chips()) reading.thermometers.push_back(std::move(chip));
  const auto cpu = read_cpu_times(options_.root);
  if (cpu && cpu_before_) reading.cpu_load = load_between(*cpu_before_, *cpu);
  cpu_before_ = cpu;
  if (clock_.now() >= ask_firmware_at_) {
    throttling_ = read_throttling(options_.root, Deadline::in(kFirmwareLimit));
    ask_firmware_at_ = clock_.now() + kFirmwareInterval;
  }
  reading.throttling = throttling_;
  return reading;
}

void MachineMonitor::report(const MachineStatus& status) {
  for (const auto& one : status.reading.thermometers) {
    metrics_
        .gauge("hailstone_host_temperature_celsius", "Temperatures of the machine and its chips.",
               {{"sensor", one.name}})
        .set(one.temperature.degrees);
  }
  metrics_.gauge("hailstone_host_cpu_load_ratio", "Busy part of all cores.")
      .set(status.reading.cpu_load.value_or(0));
  metrics_.gauge("hailstone_host_heat", "0: cool, 1: warm, batch work pauses, 2: hot, no new work.")
      .set(static_cast<double>(status.heat));
  metrics_.gauge("hailstone_host_loaded", "1 while the batch lane is small for the cores' load.")
      .set(status.is_loaded ? 1 : 0);
}

MachineStatus MachineMonitor::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

MachineSampler::MachineSampler(MachineMonitor& monitor, ReadChips read_chips, OnSample on_sample)
    : monitor_(monitor),
      read_chips_(std::move(read_chips)),
      on_sample_(std::move(on_sample)),
      thread_([this](const std::stop_token& stop) {
        os::set_thread_name("host");
        run(stop);
      }) {}

void MachineSampler::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  while (!stop.stop_requested()) {
    try {  // the top of this thread: what cannot be read now may be readable the next time
      on_sample_(monitor_.sample(read_chips_));
    } catch (...) {
      const auto error = current_error();
      log::error("host", "the machine's state cannot be read",
                 {{"error", error.what()}, {"detail", error.detail()}});
    }
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, kInterval, [] { return false; });
  }
}

}  // namespace hailstone::core
