// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// How models leave: given back, unloaded, expired, crashed.

#include <algorithm>
#include <utility>

#include "core/log/log.hpp"
#include "core/runtime/runtime_impl.hpp"
#include "os/thread_name.hpp"

namespace hailstone::core {

Runtime::Impl::Impl(std::vector<std::unique_ptr<inference::Engine>> engine_list,
                    RuntimeOptions runtime_options, Metrics& runtime_metrics,
                    const Clock& runtime_clock)
    : engines(std::move(engine_list)),
      options(runtime_options),
      clock(runtime_clock),
      metrics(runtime_metrics),
      housekeeper([this](const std::stop_token& stop) {
        os::set_thread_name("housekeeper");
        keep_house(stop);
      }) {}

void Runtime::Impl::release(const ResidentPtr& resident, KeepAlive keep_alive) {
  Retired retired;  // destroyed after the lock
  const Lock lock(mutex);
  --resident->leases;
  resident->last_used = clock.now();
  resident->keep_alive = keep_alive;
  if (resident->idle()) {
    if (!resident->model->alive()) {
      retire_dead(resident, retired);
    } else if (resident->wanted_gone || keep_alive == KeepAlive::zero()) {
      retire(resident, "unload", retired);
    } else if (resident->expiry() < house_wakes) {
      chores
          .notify_one();  // only then: a wake-up at every request costs those that wait for a core
    }
  }
  announce();
}

void Runtime::Impl::retire(const ResidentPtr& resident, const char* reason, Retired& retired) {
  metrics
      .counter("hailstone_model_unloads_total", "Models that left, by reason.",
               {{"reason", reason}})
      .add();
  log::info("runtime", "model unloaded", {{"model", resident->spec.name}, {"reason", reason}});
  resident->state = ResidentModel::State::kRetired;
  if (resident->leases == 0) retired.push_back(std::move(resident->model));
  table.erase(resident->spec.name);
  announce();
}

void Runtime::Impl::record_crash(const std::string& name) {
  backoffs.try_emplace(name, clock).first->second.note_crash();
}

void Runtime::Impl::retire_dead(const ResidentPtr& resident, Retired& retired) {
  log::error("runtime", "engine of a model died",
             {{"model", resident->spec.name}, {"engine", resident->spec.engine}});
  record_crash(resident->spec.name);
  retire(resident, "crash", retired);
}

bool Runtime::Impl::unload(const std::string& name) {
  Retired retired;  // destroyed after the lock
  const Lock lock(mutex);
  const auto found = table.find(name);
  if (found == table.end()) return false;
  const ResidentPtr resident = found->second;
  if (resident->idle()) {
    retire(resident, "unload", retired);
  } else {
    resident->wanted_gone = true;
  }
  return true;
}

Retired Runtime::Impl::retire_expired() {
  Retired retired;
  const SteadyTime now = clock.now();
  std::vector<ResidentPtr> expired;
  for (const auto& [name, resident] : table) {
    if (resident->idle() && resident->expiry() <= now) expired.push_back(resident);
  }
  for (const auto& resident : expired) retire(resident, "idle", retired);
  return retired;
}

SteadyTime Runtime::Impl::next_expiry() const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [name, resident] : table) {
    if (resident->idle()) next = std::min(next, resident->expiry());
  }
  return next;
}

void Runtime::Impl::keep_house(const std::stop_token& stop) {
  Lock lock(mutex);
  while (!stop.stop_requested()) {
    Retired retired = retire_expired();
    auto finished = std::exchange(done_loaders, {});
    if (!retired.empty() || !finished.empty()) {
      lock.unlock();
      retired.clear();
      finished.clear();
      lock.lock();
      continue;
    }
    house_wakes = next_expiry();
    const auto is_due = [this] { return !done_loaders.empty() || next_expiry() < house_wakes; };
    if (house_wakes == SteadyTime::max()) {
      chores.wait(lock, stop, is_due);
    } else {
      chores.wait_until(lock, stop, house_wakes, is_due);
    }
  }
}

}  // namespace hailstone::core
