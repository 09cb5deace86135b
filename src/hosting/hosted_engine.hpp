// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An engine whose models run in host processes. The daemon links this instead of the engine.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "base/backoff.hpp"
#include "hosting/host.hpp"
#include "hosting/remote_model.hpp"
#include "inference/loads/bounded_loads.hpp"

namespace hailstone::hosting {

/// Per model: the host is started by load() and ends with the Model; questions about files are
/// asked of a host that lives for that question, so that a file that crashes it harms nobody.
/// Shared: one host for all models and questions, from the first of them to the engine's end;
/// where it crashes too often, load() throws Error(kBusy) with Retry-After. A Model may outlive
/// the engine. Thread-safe.
class HostedEngine : public inference::Engine, public inference::BoundedLoads {
 public:
  /// name: the engine's, which the host confirms.
  HostedEngine(std::string name, HostCommand command, HostScope scope = HostScope::kPerModel,
               HostOptions options = {}, const Clock& clock = system_clock());

  std::string_view name() const noexcept override { return name_; }
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
  std::unique_ptr<inference::Model> finish_load(std::unique_ptr<RemoteCalls> calls,
                                                const inference::ModelSpec& spec,
                                                const inference::LoadOptions& options,
                                                const RunContext& run);
  class StartTurn;

  inference::Availability ask_host() const;
  HostCommand command_for(const inference::ModelSpec& spec) const;
  std::shared_ptr<Host> start(const HostCommand& command, const RunContext& run) const;
  /// spec: whose files a host for one model may read; a shared one may read what its command says.
  std::shared_ptr<Host> acquire_host(const inference::ModelSpec* spec, const RunContext& run) const;
  std::shared_ptr<Host> find_shared_host() const;

  const std::string name_;
  const HostCommand command_;
  const HostScope scope_;
  const HostOptions options_;
  const Clock& clock_;
  std::atomic<std::uint32_t> next_model_{0};

  mutable std::mutex mutex_;
  mutable std::condition_variable_any turn_ended_;
  mutable bool is_starting_ = false;                             // guarded by mutex_, as the next
  mutable std::optional<inference::Availability> availability_;  // what was answered last,
  mutable SteadyTime availability_end_{};                        // and until when it holds
  // Whoever has the turn: a start takes time, so no mutex is held meanwhile.
  mutable std::shared_ptr<Host> shared_host_;  // models hold it too
  mutable Backoff backoff_;
};

}  // namespace hailstone::hosting
