// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The inside of the runtime, shared by runtime.cpp (leases), loading.cpp and housekeeping.cpp
// (unloading, expiry). One mutex guards the table; no engine is called while it is held.

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/backoff.hpp"
#include "core/metrics/metrics.hpp"
#include "core/runtime/resident_model.hpp"

namespace hailstone::core {

using ResidentPtr = std::shared_ptr<ResidentModel>;
using Lock = std::unique_lock<std::mutex>;

/// What left the table and is to be destroyed, which takes time, without the lock.
using Retired = std::vector<std::shared_ptr<inference::Model>>;

struct Runtime::Impl {
  Impl(std::vector<std::unique_ptr<inference::Engine>> engine_list, RuntimeOptions runtime_options,
       Metrics& runtime_metrics, const Clock& runtime_clock);

  // runtime.cpp
  ResidentPtr acquire(const inference::ModelSpec& spec, const inference::LoadOptions& asked,
                      const RunContext& run);
  void make_room_for_reload(Lock& lock, const ResidentPtr& resident, const RunContext& run);
  inference::Engine* find_engine(std::string_view name) const noexcept;
  inference::Engine& require_engine(const inference::ModelSpec& spec) const;
  void announce();
  void await_change(Lock& lock, const RunContext& run);

  // loading.cpp
  ResidentPtr begin_load(const inference::ModelSpec& spec, const inference::LoadOptions& asked);
  void await_load(Lock& lock, const ResidentPtr& resident, const RunContext& run);
  void load(const ResidentPtr& resident);
  void finish_load(const ResidentPtr& resident, std::shared_ptr<inference::Model> model,
                   std::optional<Error> failure, std::chrono::nanoseconds took);
  void await_restart(Lock& lock, const std::string& name, const RunContext& run);
  void end_loads();

  // housekeeping.cpp
  void release(const ResidentPtr& resident, KeepAlive keep_alive);
  void retire(const ResidentPtr& resident, const char* reason, Retired& retired);
  void record_crash(const std::string& name);
  void retire_dead(const ResidentPtr& resident, Retired& retired);
  bool unload(const std::string& name);
  void keep_house(const std::stop_token& stop);
  Retired retire_expired();
  SteadyTime next_expiry() const;

  const std::vector<std::unique_ptr<inference::Engine>> engines;
  const RuntimeOptions options;
  const Clock& clock;
  Metrics& metrics;
  InferenceWatch watch{options.stall_limit, clock};

  mutable std::mutex mutex;
  std::condition_variable_any changed;
  std::uint64_t changes = 0;                 ///< counts announcements
  std::map<std::string, ResidentPtr> table;  ///< by ModelSpec::name
  std::map<std::string, Backoff> backoffs;   ///< of models that have crashed
  std::map<const ResidentModel*, std::jthread> loaders;
  std::vector<std::jthread> done_loaders;  ///< for the housekeeper to join
  std::condition_variable_any chores;      ///< the housekeeper's own, as it has little to do
  SteadyTime house_wakes = SteadyTime::max();
  std::jthread housekeeper;  ///< last: it uses all of the above
};

struct Lease::State {
  std::shared_ptr<Runtime::Impl> runtime;
  ResidentPtr resident;
  KeepAlive keep_alive{};
  std::chrono::nanoseconds load_time{};

  ~State() { runtime->release(resident, keep_alive); }
};

}  // namespace hailstone::core
