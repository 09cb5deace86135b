// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An engine whose models run in host processes. The daemon links this instead of the engine.

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/sync/mutex.hpp"
#include "hosting/hosts.hpp"
#include "hosting/protocol/wire.hpp"
#include "inference/loads/bounded_loads.hpp"

namespace hailstone::hosting {

/// Per model: the host is started by load() and ends with the Model. Shared: one host for all
/// models, from the first of them to the last; where it crashes too often, load() throws
/// Error(kBusy) with Retry-After. Questions about files are always asked of a host without models,
/// so that a file that crashes it harms nobody. A Model may outlive the engine. Thread-safe.
class HostedEngine : public inference::Engine, public inference::BoundedLoads {
 public:
  /// name: the engine's, which the host confirms.
  HostedEngine(std::string name, HostCommand command, HostScope scope = HostScope::kPerModel,
               HostOptions options = {}, const Clock& clock = system_clock());
  HostedEngine(inference::EngineDescriptor descriptor, HostCommand command,
               HostOptions options = {}, const Clock& clock = system_clock());

  std::string_view name() const noexcept override { return descriptor_.name; }
  const inference::EngineDescriptor& descriptor() const override { return descriptor_; }
  /// Starts a host to ask it. A yes is remembered, a no for some seconds: it is asked at each
  /// choice among engines. What keeps the host from starting is the reason.
  inference::Availability probe() const override;
  /// Of a shared host that runs: a host for one model owns no chip.
  std::optional<Celsius> chip_temperature() const override;
  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions& options) const override;
  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail detail) const override;
  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override;
  std::unique_ptr<inference::Model> load_within(ByteSize most, const inference::ModelSpec& spec,
                                                const inference::LoadOptions& options,
                                                const RunContext& run) override;

 private:
  struct Answer {
    Frame frame;
    std::shared_ptr<Host> host;  ///< that gave it
  };

  inference::Availability ask_host() const;
  Answer ask(const std::string& doing, const inference::ModelSpec& spec,
             const Body& question) const;
  std::unique_ptr<inference::Model> load_bounded(std::optional<ByteSize> most,
                                                 const inference::ModelSpec& spec,
                                                 const inference::LoadOptions& options,
                                                 const RunContext& run);
  template <typename Parse>
  auto explain(const std::string& doing, Parse&& parse) const;

  const inference::EngineDescriptor descriptor_;
  const std::shared_ptr<Hosts> hosts_;  // its models hold it too
  const Clock& clock_;
  std::atomic<std::uint32_t> next_model_{0};

  mutable Mutex mutex_;
  mutable std::optional<inference::Availability> availability_
      HAILSTONE_GUARDED_BY(mutex_);                                     // last
  mutable SteadyTime availability_end_ HAILSTONE_GUARDED_BY(mutex_){};  // until when it holds
};

}  // namespace hailstone::hosting
