// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Workers as an engine whose models they are: so they have leases, lanes, a share of the budget,
// restarts and a place in every list. Each has a process of its own, the Python package's host,
// which runs what the worker's file names.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "hosting/hosted_engine.hpp"
#include "inference/loads/bounded_loads.hpp"
#include "inference/worker/worker_manifest.hpp"

namespace hailstone::hosting {

inline constexpr std::string_view kWorkerEngine = "worker";

/// What loads a worker: its name as a model, and what makes it anew when it has changed. Pure.
inference::ModelSpec spec_of(const inference::WorkerManifest& worker);

/// Null where there is no worker of that name now.
using FindWorker = std::function<inference::WorkerPtr(std::string_view name)>;

struct WorkerPlaces {
  std::filesystem::path python = "/usr/bin/python3";  ///< where a worker names none of its own
  std::filesystem::path package;                      ///< the folder that holds hailstone_worker
  os::ControlGroups* groups = nullptr;                ///< see HostCommand
  std::filesystem::path home;  ///< each worker has a folder of its name in it
};

/// Thread-safe.
class WorkerEngine final : public inference::Engine, public inference::BoundedLoads {
 public:
  /// most_stall: a request may be without a sign of life for so long at the most.
  WorkerEngine(WorkerPlaces places, FindWorker find, std::chrono::nanoseconds most_stall);

  std::string_view name() const noexcept override { return kWorkerEngine; }
  const inference::EngineDescriptor& descriptor() const override { return descriptor_; }
  inference::Availability probe() const override;
  /// What the worker's file says. Throws kNotFound where there is no such worker any more.
  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions& options) const override;
  /// Throws kUnsupported: a worker is no file of weights.
  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail detail) const override;
  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override;
  std::unique_ptr<inference::Model> load_within(ByteSize most, const inference::ModelSpec& spec,
                                                const inference::LoadOptions& options,
                                                const RunContext& run) override;

 private:
  inference::WorkerPtr require(const inference::ModelSpec& spec) const;
  std::unique_ptr<HostedEngine> engine_for(const inference::ModelSpec& spec) const;

  const WorkerPlaces places_;
  const FindWorker find_;
  const std::chrono::nanoseconds most_stall_;
  const inference::EngineDescriptor descriptor_;
};

/// How a worker's host is started, and makes its folder. Throws where that cannot be made.
HostCommand worker_command(const inference::WorkerManifest& worker, const WorkerPlaces& places);

}  // namespace hailstone::hosting
