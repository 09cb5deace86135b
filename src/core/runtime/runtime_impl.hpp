// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The inside of the runtime, shared by runtime.cpp (leases), loading.cpp, making_room.cpp (memory
// for a load), faults.cpp (crashes) and housekeeping.cpp (unloading, expiry, memory that grows).
// One mutex guards the table; no engine is called while it is held.

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "core/metrics/metrics.hpp"
#include "core/runtime/resident_model.hpp"
#include "core/runtime/table_lock.hpp"

namespace hailstone::core {

using ResidentPtr = std::shared_ptr<ResidentModel>;

/// What was learnt of a model from asking for it or loading it.
struct ModelHistory {
  inference::ModelSpec spec;
  inference::LoadOptions options;
  inference::Footprint needs;
  std::optional<std::chrono::nanoseconds> load_time;
};

struct Runtime::Impl {
  Impl(std::vector<std::unique_ptr<inference::Engine>> engine_list, RuntimeOptions runtime_options,
       Metrics& runtime_metrics, const Clock& runtime_clock);

  // runtime.cpp
  ResidentPtr acquire(const inference::ModelSpec& spec, const inference::LoadOptions& asked,
                      const RunContext& run);
  void make_room_for_reload(TableLock& lock, const ResidentPtr& resident, const RunContext& run);
  inference::Engine* find_engine(std::string_view name) const noexcept;
  inference::Engine& require_engine(const inference::ModelSpec& spec) const;
  KeepAlive grant(std::optional<KeepAlive> asked) const noexcept;
  void collect();
  void announce();
  void await_change(TableLock& lock, const RunContext& run);

  // loading.cpp
  ResidentPtr begin_load(const inference::ModelSpec& spec, const inference::LoadOptions& asked);
  void await_load(TableLock& lock, const ResidentPtr& resident, const RunContext& run);
  static void call_off(TableLock& lock, const ResidentPtr& resident);
  void load(const ResidentPtr& resident);
  Error late_error(const ResidentModel& resident, const Error& why) const;
  ModelPtr load_into_budget(const ResidentPtr& resident);
  void note_load(const ResidentModel& resident, const LoadedModel* loaded);
  void finish_load(const ResidentPtr& resident, ModelPtr loaded, std::optional<Error> failure);
  void end_loads();

  // making_room.cpp
  class RoomTurn;
  inference::Footprint find_needs(const inference::ModelSpec& spec,
                                  const inference::LoadOptions& asked);
  void remember(ModelHistory history);
  MemoryBudget::Reservation make_room(const ResidentPtr& newcomer, const RunContext& run);
  std::optional<MemoryBudget::Reservation> try_reserve(const inference::Footprint& wanted);
  RoomRequest room_request(const inference::ModelSpec& newcomer,
                           const inference::Footprint& wanted) const;
  void mark_victims(const RoomRequest& request, const RoomPlan& plan);
  bool retire_victims(TableLock& lock, const RoomRequest& request, const RoomPlan& plan,
                      const char* reason);
  bool evict_all_idle();
  void measure_all() const;
  void sweep() const;
  void note_freed();
  LoadForecast forecast(const inference::ModelSpec& spec, const inference::LoadOptions& asked);

  // faults.cpp
  void note_success(TableLock& lock, const std::string& name);
  void record_crash(TableLock& lock, const std::string& name, const std::string& reason);
  void retire_dead(TableLock& lock, const ResidentPtr& resident);
  void await_restart(TableLock& lock, const std::string& name, const RunContext& run);
  std::vector<Fault> faults() const;
  bool clear_fault(const std::string& name);

  // housekeeping.cpp
  void release(const ResidentPtr& resident, KeepAlive keep_alive);
  void retire(TableLock& lock, const ResidentPtr& resident, const char* reason);
  bool unload(const std::string& name);
  void keep_house(const std::stop_token& stop);
  void retire_expired(TableLock& lock);
  SteadyTime next_expiry() const;
  SteadyTime next_memory_check() const;
  void check_memory(TableLock& lock);
  void note_pressure(TableLock& lock, double pressure);

  const std::vector<std::unique_ptr<inference::Engine>> engines;
  const RuntimeOptions options;
  const Clock& clock;
  Metrics& metrics;
  InferenceWatch watch{options.stall_limit, clock};
  MemoryBudget budget;

  std::condition_variable_any changed;
  std::uint64_t changes = 0;  ///< counts announcements
  mutable TableMutex mutex;   ///< after what models use when they go, before who holds them
  std::map<std::string, ResidentPtr> table;        ///< by ModelSpec::name
  std::vector<ResidentPtr> leaving;                ///< retired, but leased: they take memory still
  std::map<std::string, CircuitBreaker> breakers;  ///< of models that have crashed
  std::map<std::string, ModelHistory> histories;   ///< by ModelSpec::name
  std::deque<const ResidentModel*> room_queue;     ///< loads that wait for memory
  bool is_freeing = false;  ///< what becomes free now is for the first of the queue
  bool is_under_pressure = false;
  SteadyTime memory_checked{};
  std::map<const ResidentModel*, std::jthread> loaders;
  std::vector<std::jthread> done_loaders;  ///< for the housekeeper to join
  std::condition_variable_any chores;      ///< the housekeeper's own, as it has little to do
  SteadyTime house_wakes = SteadyTime::max();
  std::jthread housekeeper;  ///< last: it uses all of the above
};

struct Lease::State {
  std::shared_ptr<Runtime::Impl> runtime;
  ResidentPtr resident;
  inference::Model* model = nullptr;  ///< lives as long as the lease
  KeepAlive keep_alive{};
  std::optional<KeepAlive> cut_keep_alive;
  std::chrono::nanoseconds load_time{};

  ~State() { runtime->release(resident, keep_alive); }
};

}  // namespace hailstone::core
