// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// How models leave: given back, unloaded, expired, or because memory got short meanwhile.

#include <algorithm>
#include <utility>

#include "core/runtime/runtime_impl.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::core {

Runtime::Impl::Impl(std::vector<std::unique_ptr<inference::Engine>> engine_list,
                    RuntimeOptions runtime_options, Metrics& runtime_metrics,
                    const Clock& runtime_clock)
    : engines(std::move(engine_list)),
      options(std::move(runtime_options)),
      clock(runtime_clock),
      metrics(runtime_metrics),
      budget(options.memory_limit),
      housekeeper([this](const std::stop_token& stop) {
        os::set_thread_name("housekeeper");
        keep_house(stop);
      }) {}

void Runtime::Impl::release(const ResidentPtr& resident, std::optional<Lane> slot,
                            KeepAlive keep_alive) {
  TableLock lock(mutex);
  --resident->leases;
  resident->last_used = clock.now();
  resident->keep_alive = keep_alive;
  const bool is_alive = resident->model().alive();
  if (is_alive) note_success(lock, resident->spec.name);
  if (resident->state == ResidentModel::State::kRetired && resident->leases == 0) {
    resident->loaded.reset();
    std::erase(leaving, resident);
  } else if (resident->idle()) {
    const bool is_over = keep_alive == KeepAlive::zero() && !resident->pinned;
    if (!is_alive) {
      retire_dead(lock, resident);
    } else if (resident->wanted_gone || is_over) {
      retire(lock, resident, "unload");
    } else if (resident->expiry() < house_wakes) {
      // Only then: a wake-up at every request costs those that wait for a core.
      chores.notify_one();
    }
  }
  if (slot) end_turn(resident->spec.name, *slot);
  announce();
}

void Runtime::Impl::retire(TableLock& lock, const ResidentPtr& resident, const char* reason) {
  lock.later([this, resident, reason] {
    metrics
        .counter("hailstone_model_unloads_total", "Models that left, by reason.",
                 {{"reason", reason}})
        .add();
    log::info("runtime", "model unloaded", {{"model", resident->spec.name}, {"reason", reason}});
  });
  resident->state = ResidentModel::State::kRetired;
  if (resident->leases == 0) {
    resident->loaded.reset();
  } else {
    leaving.push_back(resident);
  }
  table.erase(resident->spec.name);
  grant_slots(resident->spec.name);  // somebody has to load it again
  announce();
}

bool Runtime::Impl::unload(const std::string& name) {
  TableLock lock(mutex);
  const auto found = table.find(name);
  if (found == table.end()) return false;
  const ResidentPtr resident = found->second;
  if (resident->idle()) {
    retire(lock, resident, "unload");
    return true;
  }
  resident->wanted_gone = true;
  if (resident->state == ResidentModel::State::kLoading) call_off(lock, resident);
  return true;
}

void Runtime::Impl::retire_expired(TableLock& lock) {
  const SteadyTime now = clock.now();
  std::vector<ResidentPtr> expired;
  for (const auto& [name, resident] : table) {
    if (resident->idle() && resident->expiry() <= now) expired.push_back(resident);
  }
  for (const auto& resident : expired) retire(lock, resident, "idle");
}

SteadyTime Runtime::Impl::next_expiry() const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [name, resident] : table) {
    if (resident->idle()) next = std::min(next, resident->expiry());
  }
  return next;
}

SteadyTime Runtime::Impl::next_memory_check() const {
  if (table.empty() && fallen.empty()) return SteadyTime::max();
  return memory_checked + std::chrono::duration_cast<SteadyTime::duration>(options.memory_check);
}

/// Models that grew are noticed here, and others who need the memory of this machine.
void Runtime::Impl::check_memory(TableLock& lock) {
  double pressure = 0;
  lock.without([&] {
    measure_all();
    if (options.memory_pressure) pressure = options.memory_pressure().value_or(0);  // reads files
  });
  memory_checked = clock.now();
  retire_idle_dead(lock);
  revive_fallen();
  note_pressure(lock, pressure);
  RoomRequest request = room_request({}, {});
  request.max_models = 0;
  const bool has_shrunk = retire_victims(lock, request, plan_room(request), "over_budget");
  if (is_under_pressure && !has_shrunk) {
    request = room_request({}, {});
    request.max_models = static_cast<int>(request.occupants.size());  // one has to go
    retire_victims(lock, request, plan_room(request), "memory_pressure");
  }
}

/// Of those that are kept: nobody may ask for them for long.
void Runtime::Impl::retire_idle_dead(TableLock& lock) {
  std::vector<ResidentPtr> dead;
  for (const auto& [name, resident] : table) {
    const bool is_kept = options.pinned.contains(name);
    if (is_kept && resident->idle() && !resident->model().alive()) dead.push_back(resident);
  }
  for (const auto& resident : dead) retire_dead(lock, resident);
}

void Runtime::Impl::note_pressure(TableLock& lock, double pressure) {
  const double limit = is_under_pressure ? options.pressure_limit / 2 : options.pressure_limit;
  const bool is_high = pressure >= limit;
  if (is_high == is_under_pressure) return;
  is_under_pressure = is_high;
  lock.later([is_high, percent = std::to_string(static_cast<int>(pressure)) + "%"] {
    if (is_high) {
      log::warning("runtime", "memory is short on this machine: idle models go",
                   {{"waiting", percent}});
    } else {
      log::info("runtime", "memory is no longer short", {{"waiting", percent}});
    }
  });
}

void Runtime::Impl::keep_house(const std::stop_token& stop) {
  TableLock lock(mutex);
  while (!stop.stop_requested()) {
    retire_expired(lock);
    auto finished = std::exchange(done_loaders, {});
    if (lock.has_work() || !finished.empty()) {
      lock.without([&] { finished.clear(); });
      continue;
    }
    if (next_memory_check() <= clock.now()) {
      check_memory(lock);
      continue;
    }
    house_wakes = std::min(next_expiry(), next_memory_check());
    const auto is_due = [this] {
      mutex.assert_held();
      return !done_loaders.empty() || next_expiry() < house_wakes ||
             next_memory_check() < house_wakes;
    };
    lock.wait(chores, stop, house_wakes, is_due);
  }
}

}  // namespace hailstone::core
