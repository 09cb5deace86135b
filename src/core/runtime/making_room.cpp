// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Memory for a load: what it needs, who goes for it, and who waits. On the load's own thread.

#include <algorithm>

#include "core/runtime/memory/refusal.hpp"
#include "core/runtime/runtime_impl.hpp"
#include "log/log.hpp"

namespace hailstone::core {

using inference::Footprint;

namespace {

/// A model that has to go for a rival stays at most this part of the time that a load waits.
constexpr int kStays = 4;

}  // namespace

/// A place in the queue for memory. Only the first of it evicts, and nobody takes what it has made
/// free, so that a large model is not starved by small ones. Make and destroy it with the lock
/// held.
class Runtime::Impl::RoomTurn {
 public:
  RoomTurn(Impl& runtime, const ResidentModel* newcomer) : runtime_(runtime), newcomer_(newcomer) {
    runtime_.room_queue.push_back(newcomer);
  }
  ~RoomTurn() {
    if (is_first()) {
      runtime_.is_freeing = false;
      for (const auto& [name, resident] : runtime_.table) resident->makes_room = false;
    }
    std::erase(runtime_.room_queue, newcomer_);
    runtime_.announce();
  }
  RoomTurn(const RoomTurn&) = delete;
  RoomTurn& operator=(const RoomTurn&) = delete;

  bool is_first() const {
    runtime_.mutex.assert_held();
    return runtime_.room_queue.front() == newcomer_;
  }
  /// Those behind the first may take what is free anyway.
  bool may_take() const {
    runtime_.mutex.assert_held();
    return is_first() || !runtime_.is_freeing;
  }

 private:
  Impl& runtime_;
  const ResidentModel* const newcomer_;
};

Footprint Runtime::Impl::find_needs(const inference::ModelSpec& spec,
                                    const inference::LoadOptions& asked) {
  {
    const TableLock lock(mutex);
    const auto known = histories.find(spec.name);
    if (known != histories.end() && known->second.spec == spec && known->second.options == asked) {
      return known->second.needs;
    }
  }
  const inference::Engine& engine = require_engine(spec);
  const Footprint needs = engine.estimate(spec, asked);
  ModelHistory history{spec, asked, needs, std::nullopt};
  if (options.load_times != nullptr) {
    history.load_time = options.load_times->find(spec, engine.probe().version);
  }
  remember(std::move(history));
  return needs;
}

void Runtime::Impl::remember(ModelHistory history) {
  constexpr std::size_t kMost = 512;  // deleted models must not pile up
  const TableLock lock(mutex);
  if (histories.size() >= kMost) histories.clear();
  ModelHistory& known = histories[history.spec.name];
  // The time that another context length took is better than no time.
  if (!history.load_time && known.spec.weights == history.spec.weights) {
    history.load_time = known.load_time;
  }
  known = std::move(history);
}

MemoryBudget::Reservation Runtime::Impl::make_room(const ResidentPtr& newcomer,
                                                   const RunContext& run) {
  const Footprint wanted = find_needs(newcomer->spec, newcomer->options);
  measure_all();  // who goes is decided by what is taken now
  const Deadline patience = run.deadline.earlier(Deadline::in(options.memory_wait, clock));
  TableLock lock(mutex);
  newcomer->wanted = wanted;
  const RoomTurn turn(*this, newcomer.get());
  for (;;) {
    run.check();
    const RoomRequest request = room_request(newcomer->spec, wanted);
    if (turn.may_take() && !has_rival(request)) {
      if (auto share = try_reserve(wanted)) return std::move(*share);
    }
    const RoomPlan plan = plan_room(request);
    const SteadyTime switch_time = earliest_switch(request, options.memory_wait / kStays);
    const bool may_evict = turn.is_first() && clock.now() >= switch_time;
    if (may_evict && plan.verdict == RoomVerdict::kFits && !plan.victims.empty()) {
      is_freeing = true;
      retire_victims(lock, request, plan, "evicted");
      lock.breathe();  // the memory must be back before anybody looks again
      continue;
    }
    if (plan.verdict == RoomVerdict::kNever || patience.has_passed(clock)) {
      throw refuse_room(newcomer->spec.name, request, plan.verdict);
    }
    if (may_evict) mark_victims(request, plan);
    const SteadyTime wake = clock.now() < switch_time ? switch_time : SteadyTime::max();
    lock.wait(changed, run.stop, std::min(wake, patience.time()), [this, before = changes] {
      mutex.assert_held();
      return changes != before;
    });
  }
}

std::optional<MemoryBudget::Reservation> Runtime::Impl::try_reserve(const Footprint& wanted) {
  if (options.max_models > 0 && budget.reservations() >= options.max_models) return std::nullopt;
  return budget.try_reserve(wanted);
}

namespace {

Occupant occupant_of(const ResidentModel& resident) {
  Occupant occupant{resident.spec.name, resident.wanted, resident.hold(), resident.last_used, {}};
  occupant.group = resident.spec.exclusive_group;
  if (resident.loaded) {
    occupant.footprint = resident.loaded->footprint();
    occupant.reload_time = resident.loaded->load_time();
    occupant.since = resident.ready_since;
  }
  return occupant;
}

}  // namespace

/// newcomer itself is no occupant, nor is who waits for memory as it does.
RoomRequest Runtime::Impl::room_request(const inference::ModelSpec& newcomer,
                                        const Footprint& wanted) const {
  RoomRequest request;
  request.group = newcomer.exclusive_group;
  request.capacity = budget.capacity();
  request.wanted = wanted;
  request.max_models = options.max_models;
  request.now = clock.now();
  if (const auto known = histories.find(newcomer.name); known != histories.end()) {
    request.load_time = known->second.load_time.value_or(std::chrono::nanoseconds::zero());
  }
  for (const auto& [name, resident] : table) {
    const bool is_waiting =
        std::find(room_queue.begin(), room_queue.end(), resident.get()) != room_queue.end();
    if (name != newcomer.name && !is_waiting) request.occupants.push_back(occupant_of(*resident));
  }
  for (const auto& resident : leaving) request.occupants.push_back(occupant_of(*resident));
  return request;
}

/// Those in use that have to become idle get no new leases until this load has had its turn.
void Runtime::Impl::mark_victims(const RoomRequest& request, const RoomPlan& plan) {
  for (const auto& [name, resident] : table) resident->makes_room = false;
  for (const std::size_t victim : plan.victims) {
    // One that is leaving stands in the table no more, or a successor of its name does.
    const auto found = table.find(request.occupants[victim].name);
    if (found != table.end()) found->second->makes_room = true;
  }
}

/// Whether somebody went.
bool Runtime::Impl::retire_victims(TableLock& lock, const RoomRequest& request,
                                   const RoomPlan& plan, const char* reason) {
  if (plan.verdict != RoomVerdict::kFits) return false;
  for (const std::size_t victim : plan.victims) {
    const ResidentPtr resident = table.at(request.occupants[victim].name);
    retire(lock, resident, reason);
  }
  return !plan.victims.empty();
}

bool Runtime::Impl::evict_all_idle() {
  TableLock lock(mutex);
  std::vector<ResidentPtr> idle;
  for (const auto& [name, resident] : table) {
    if (resident->hold() == Hold::kNone) idle.push_back(resident);
  }
  for (const auto& resident : idle) retire(lock, resident, "out_of_memory");
  return !idle.empty();
}

void Runtime::Impl::measure_all() const {
  std::vector<ModelPtr> models;  // shared, so that they stay while they are measured
  {
    const TableLock lock(mutex);
    for (const auto& [name, resident] : table) {
      if (resident->loaded) models.push_back(resident->loaded);
    }
  }
  for (const auto& model : models) model->measure();
  models.clear();
  sweep();
}

/// For who may have been the last to hold a model. Anybody who locks does the same.
void Runtime::Impl::sweep() const {
  if (mutex.graveyard.is_empty()) return;
  const TableLock lock(mutex);
}

void Runtime::Impl::note_freed() {
  const TableLock lock(mutex);
  announce();
}

LoadForecast Runtime::Impl::forecast(const inference::ModelSpec& spec,
                                     const inference::LoadOptions& asked) {
  LoadForecast forecast;
  forecast.wanted = find_needs(spec, asked);
  measure_all();
  forecast.free = budget.free();
  const TableLock lock(mutex);
  const auto found = table.find(spec.name);
  if (found != table.end()) {
    const ResidentModel& resident = *found->second;
    forecast.resident = resident.loaded && resident.model().alive() && !resident.wanted_gone &&
                        serves(resident, spec, asked);
    if (forecast.resident) forecast.wanted = resident.loaded->footprint();
  }
  if (const auto known = histories.find(spec.name); known != histories.end()) {
    forecast.load_time = known->second.load_time;
  }
  if (forecast.resident) {
    forecast.fits = true;
    return forecast;
  }
  const RoomRequest request = room_request(spec, forecast.wanted);
  const RoomPlan plan = plan_room(request);
  forecast.fits = plan.verdict == RoomVerdict::kFits;
  if (!forecast.fits) forecast.reason = "it " + describe_shortage(request, plan.verdict);
  for (const std::size_t victim : plan.victims) {
    forecast.evicts.push_back(request.occupants[victim].name);
  }
  return forecast;
}

}  // namespace hailstone::core
