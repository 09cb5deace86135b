// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the daemon is doing, and what it holds.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_size.hpp"
#include "core/config/settings.hpp"
#include "core/doctor/chip_watch.hpp"
#include "core/machine/monitor.hpp"
#include "core/runtime/runtime.hpp"
#include "inference/engine.hpp"
#include "services/system/status/places.hpp"

namespace hailstone::status {

struct EngineState {
  std::string name;
  inference::Availability availability;
  bool needed = false;  ///< an installed model runs on it
};

/// A program of somebody else's that is a route here.
struct WorkerLine {
  std::string name;
  std::string route;
  std::string state;  ///< "idle", "loaded", "faulted", "native"
};

struct Health {
  bool degraded = false;
  std::vector<std::string> reasons;  ///< why it is
  std::vector<std::string> loaded;
  ByteSize memory;  ///< of the daemon and its engines
  core::MemoryUse budget;
  std::vector<core::Fault> faults;
  std::vector<EngineState> engines;
  std::vector<WorkerLine> workers;
  core::MachineStatus host;
  doctor::ChipSummary chip;
  core::InferenceFigures inference;
  std::chrono::seconds uptime{};
  std::string version;
};

/// What a supervisor needs to know.
struct Liveness {
  std::string fault;  ///< what hangs; empty: nothing does
  core::InferenceFigures inference;

  bool is_alive() const noexcept { return fault.empty() && inference.stuck.empty(); }
};

struct Resources {
  std::vector<core::Resident> models;
  inference::Footprint total;  ///< of the models
  core::MemoryUse budget;
  std::vector<core::Fault> faults;
  ByteSize daemon;  ///< of the daemon alone
  ByteSize machine_total;
  ByteSize machine_available;
  core::MachineStatus host;
  std::vector<EngineState> engines;
  std::vector<WorkerLine> workers;
  std::vector<SeenPlace> places;
  std::vector<Variable> environment;
};

/// What it was started with. Secrets are masked.
struct InForce {
  std::string file;  ///< of the configuration; "none"
  std::vector<core::Effective> settings;
  std::vector<std::string> kernel_lacks;  ///< parts of the cage round engines
};

}  // namespace hailstone::status
