// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The inside of the runtime, shared by runtime.cpp (leases), admission.cpp (slots), loading.cpp,
// making_room.cpp (memory for a load), faults.cpp (crashes) and housekeeping.cpp (unloading,
// expiry, memory that grows). One mutex guards the table; no engine is called while it is held.

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "core/metrics/metrics.hpp"
#include "core/runtime/lane_queue.hpp"
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
  class Turn;

  Impl(std::vector<std::unique_ptr<inference::Engine>> engine_list, RuntimeOptions runtime_options,
       Metrics& runtime_metrics, const Clock& runtime_clock);

  // runtime.cpp
  ResidentPtr acquire(const inference::ModelSpec& spec, const inference::LoadOptions& asked,
                      const RunContext& run) HAILSTONE_EXCLUDES(mutex);
  ResidentPtr await_resident(TableLock& lock, const inference::ModelSpec& spec,
                             const inference::LoadOptions& asked, const RunContext& run, Turn& turn)
      HAILSTONE_REQUIRES(mutex);
  void make_room_for_reload(TableLock& lock, const ResidentPtr& resident, const RunContext& run)
      HAILSTONE_REQUIRES(mutex);
  inference::Engine* find_engine(std::string_view name) const noexcept;
  inference::Engine& require_engine(const inference::ModelSpec& spec) const;
  KeepAlive grant(std::optional<KeepAlive> asked) const noexcept;
  void collect() HAILSTONE_EXCLUDES(mutex);
  void announce() HAILSTONE_REQUIRES(mutex);
  void await_change(TableLock& lock, const RunContext& run) HAILSTONE_REQUIRES(mutex);

  // admission.cpp
  void grant_slots(const std::string& name) HAILSTONE_REQUIRES(mutex);
  void grant_all_slots() HAILSTONE_REQUIRES(mutex);
  void end_turn(const std::string& name, Lane lane) HAILSTONE_REQUIRES(mutex);
  SlotLimits limits_of(const std::string& name) const HAILSTONE_REQUIRES(mutex);
  void set_pace(Pace new_pace, std::optional<Error> new_refusal) HAILSTONE_EXCLUDES(mutex);
  QueueFigures queue() const HAILSTONE_EXCLUDES(mutex);

  // loading.cpp
  ResidentPtr begin_load(const inference::ModelSpec& spec, const inference::LoadOptions& asked)
      HAILSTONE_REQUIRES(mutex);
  void await_load(TableLock& lock, const ResidentPtr& resident, const RunContext& run)
      HAILSTONE_REQUIRES(mutex);
  static void call_off(TableLock& lock, const ResidentPtr& resident);
  void load(const ResidentPtr& resident) HAILSTONE_EXCLUDES(mutex);
  Error late_error(const ResidentModel& resident, const Error& why) const;
  ModelPtr load_into_budget(const ResidentPtr& resident) HAILSTONE_EXCLUDES(mutex);
  void note_load(const ResidentModel& resident, const LoadedModel* loaded);
  void finish_load(const ResidentPtr& resident, ModelPtr loaded, std::optional<Error> failure)
      HAILSTONE_EXCLUDES(mutex);
  void end_loads() HAILSTONE_EXCLUDES(mutex);

  // making_room.cpp
  class RoomTurn;
  inference::Footprint find_needs(const inference::ModelSpec& spec,
                                  const inference::LoadOptions& asked) HAILSTONE_EXCLUDES(mutex);
  void remember(ModelHistory history) HAILSTONE_EXCLUDES(mutex);
  MemoryBudget::Reservation make_room(const ResidentPtr& newcomer, const RunContext& run)
      HAILSTONE_EXCLUDES(mutex);
  std::optional<MemoryBudget::Reservation> try_reserve(const inference::Footprint& wanted);
  RoomRequest room_request(const inference::ModelSpec& newcomer,
                           const inference::Footprint& wanted) const HAILSTONE_REQUIRES(mutex);
  void mark_victims(const RoomRequest& request, const RoomPlan& plan) HAILSTONE_REQUIRES(mutex);
  bool retire_victims(TableLock& lock, const RoomRequest& request, const RoomPlan& plan,
                      const char* reason) HAILSTONE_REQUIRES(mutex);
  bool evict_all_idle() HAILSTONE_EXCLUDES(mutex);
  void measure_all() const HAILSTONE_EXCLUDES(mutex);
  void sweep() const HAILSTONE_EXCLUDES(mutex);
  void note_freed() HAILSTONE_EXCLUDES(mutex);
  LoadForecast forecast(const inference::ModelSpec& spec, const inference::LoadOptions& asked)
      HAILSTONE_EXCLUDES(mutex);

  // faults.cpp
  void note_success(TableLock& lock, const std::string& name) HAILSTONE_REQUIRES(mutex);
  void record_crash(TableLock& lock, const std::string& name, const std::string& reason)
      HAILSTONE_REQUIRES(mutex);
  void retire_dead(TableLock& lock, const ResidentPtr& resident) HAILSTONE_REQUIRES(mutex);
  void await_restart(TableLock& lock, const std::string& name, const RunContext& run)
      HAILSTONE_REQUIRES(mutex);
  void note_fallen(const ResidentPtr& resident) HAILSTONE_REQUIRES(mutex);
  void revive_fallen() HAILSTONE_REQUIRES(mutex);
  std::vector<Fault> faults() const HAILSTONE_EXCLUDES(mutex);
  bool clear_fault(const std::string& name) HAILSTONE_EXCLUDES(mutex);

  // housekeeping.cpp
  void release(const ResidentPtr& resident, std::optional<Lane> slot, KeepAlive keep_alive)
      HAILSTONE_EXCLUDES(mutex);
  void retire(TableLock& lock, const ResidentPtr& resident, const char* reason)
      HAILSTONE_REQUIRES(mutex);
  bool unload(const std::string& name) HAILSTONE_EXCLUDES(mutex);
  void keep_house(const std::stop_token& stop) HAILSTONE_EXCLUDES(mutex);
  void retire_expired(TableLock& lock) HAILSTONE_REQUIRES(mutex);
  SteadyTime next_expiry() const HAILSTONE_REQUIRES(mutex);
  SteadyTime next_memory_check() const HAILSTONE_REQUIRES(mutex);
  void check_memory(TableLock& lock) HAILSTONE_REQUIRES(mutex);
  void retire_idle_dead(TableLock& lock) HAILSTONE_REQUIRES(mutex);
  void note_pressure(TableLock& lock, double pressure) HAILSTONE_REQUIRES(mutex);

  const std::vector<std::unique_ptr<inference::Engine>> engines;
  const RuntimeOptions options;
  const Clock& clock;
  Metrics& metrics;
  InferenceWatch watch{options.stall_limit, clock};
  MemoryBudget budget;

  std::condition_variable_any changed;
  std::uint64_t changes HAILSTONE_GUARDED_BY(mutex) = 0;  ///< counts announcements
  mutable TableMutex mutex;  ///< after what models use when they go, before who holds them
  std::map<std::string, ResidentPtr> table HAILSTONE_GUARDED_BY(mutex);  ///< by ModelSpec::name
  std::vector<ResidentPtr> leaving
      HAILSTONE_GUARDED_BY(mutex);  ///< retired, but leased: they take memory still
  std::map<std::string, LaneQueue> queues
      HAILSTONE_GUARDED_BY(mutex);                    ///< of models that somebody wants or uses
  int batch_running HAILSTONE_GUARDED_BY(mutex) = 0;  ///< slots of the batch lane, of all models
  Pace pace HAILSTONE_GUARDED_BY(mutex) = Pace::kFull;
  std::optional<Error> refusal HAILSTONE_GUARDED_BY(mutex);     ///< of new work
  std::vector<ResidentPtr> fallen HAILSTONE_GUARDED_BY(mutex);  ///< crashed, and to be loaded anew
  std::map<std::string, CircuitBreaker> breakers
      HAILSTONE_GUARDED_BY(mutex);  ///< of models that have crashed
  std::map<std::string, ModelHistory> histories
      HAILSTONE_GUARDED_BY(mutex);  ///< by ModelSpec::name
  std::deque<const ResidentModel*> room_queue
      HAILSTONE_GUARDED_BY(mutex);  ///< loads that wait for memory
  bool is_freeing HAILSTONE_GUARDED_BY(mutex) =
      false;  ///< what becomes free now is for the first of the queue
  bool is_under_pressure HAILSTONE_GUARDED_BY(mutex) = false;
  SteadyTime memory_checked HAILSTONE_GUARDED_BY(mutex){};
  std::map<const ResidentModel*, std::jthread> loaders HAILSTONE_GUARDED_BY(mutex);
  std::vector<std::jthread> done_loaders
      HAILSTONE_GUARDED_BY(mutex);     ///< for the housekeeper to join
  std::condition_variable_any chores;  ///< the housekeeper's own, as it has little to do
  SteadyTime house_wakes HAILSTONE_GUARDED_BY(mutex) = SteadyTime::max();
  std::jthread housekeeper;  ///< last: it uses all of the above
};

struct Lease::State {
  std::shared_ptr<Runtime::Impl> runtime;
  ResidentPtr resident;
  inference::Model* model = nullptr;  ///< lives as long as the lease
  std::optional<Lane> lane;           ///< of its slot; nothing: it has none any more
  std::string engine;                 ///< as it is shown
  KeepAlive keep_alive{};
  std::optional<KeepAlive> cut_keep_alive;
  std::chrono::nanoseconds load_time{};

  ~State() { runtime->release(resident, lane, keep_alive); }
};

}  // namespace hailstone::core
