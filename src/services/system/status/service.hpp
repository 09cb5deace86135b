// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Health, resources and metrics. Never waits for a model.

#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "core/machine/monitor.hpp"
#include "core/metrics/metrics.hpp"
#include "core/runtime/runtime.hpp"
#include "core/store/store.hpp"
#include "services/system/status/pulse.hpp"
#include "services/system/status/task.hpp"

namespace hailstone::status {

/// Why the daemon cannot work yet or any more: "loading models", "shutting down". Nothing when it
/// can. Called from any thread.
using NotReady = std::function<std::optional<std::string>()>;

/// Thread-safe.
class SystemService {
 public:
  /// version: of this program. Uptime counts from here.
  SystemService(core::Store& store, core::Runtime& runtime, const core::MachineMonitor& host,
                core::Metrics& metrics, const Pulse& pulse, std::string version, NotReady not_ready,
                const Clock& clock = system_clock());

  /// Where things are looked for. Once, before the first request.
  void set_places(std::vector<Place> places, std::vector<Variable> environment);

  /// Once, before the first request.
  void set_workers(std::function<std::vector<WorkerLine>()> workers) {
    workers_ = std::move(workers);
  }
  /// What GET /api/config tells, and the names of models that are to stay loaded. Once, before the
  /// first request.
  void set_settings(InForce in_force, std::vector<std::string> pinned);
  const InForce& in_force() const noexcept { return in_force_; }
  /// Those that no installed model has: they pin nothing.
  std::vector<std::string> missing_pins() const;

  /// Degraded where it is not ready, where the machine is too hot for new work, where an inference
  /// is stuck, where something hangs, where an engine that an installed model needs does not work
  /// here, and where a pinned model is not installed.
  Health health() const;
  std::optional<std::string> not_ready() const { return not_ready_(); }
  /// Looks at the disk, too: what is found where.
  Resources resources() const;
  /// Takes no lock that work takes: it answers whatever hangs.
  Liveness liveness() const { return {pulse_.fault(), runtime_.inference()}; }
  /// Prometheus' text format.
  std::string metrics() const;

 private:
  std::vector<EngineState> engine_states() const;

  core::Store& store_;
  core::Runtime& runtime_;
  const core::MachineMonitor& host_;
  core::Metrics& metrics_;
  const Pulse& pulse_;
  const std::string version_;
  const NotReady not_ready_;
  const Clock& clock_;
  const SteadyTime started_;
  const doctor::ChipWatch chip_;
  std::function<std::vector<WorkerLine>()> workers_;
  std::vector<Place> places_;
  std::vector<Variable> environment_;
  InForce in_force_;
  std::vector<std::string> pinned_;
};

}  // namespace hailstone::status
