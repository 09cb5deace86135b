// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Models that crash: how soon they are started again, and who is told.

#include <utility>

#include "base/error.hpp"
#include "core/runtime/runtime_impl.hpp"
#include "log/log.hpp"

namespace hailstone::core {

void Runtime::Impl::record_crash(TableLock& lock, const std::string& name,
                                 const std::string& reason) {
  CircuitBreaker& breaker =
      breakers.try_emplace(name, CircuitBreaker(clock, options.breaker)).first->second;
  breaker.note_crash(reason);
  if (!breaker.is_faulted()) return;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(breaker.wait());
  lock.later([name, reason, wait, crashes = breaker.crashes()] {
    log::error("runtime", "model is faulted",
               {{"model", name},
                {"crashes", std::to_string(crashes)},
                {"reason", reason},
                {"trial_in_s", std::to_string(wait.count())}});
  });
}

void Runtime::Impl::note_success(TableLock& lock, const std::string& name) {
  const auto found = breakers.find(name);
  if (found == breakers.end()) return;
  if (found->second.is_faulted()) {
    lock.later([name] {
      log::info("runtime", "model is well again after its trial", {{"model", name}});
    });
  }
  breakers.erase(found);
}

void Runtime::Impl::retire_dead(TableLock& lock, const ResidentPtr& resident) {
  lock.later([resident] {
    log::error("runtime", "engine of a model died",
               {{"model", resident->spec.name}, {"engine", resident->spec.engine}});
  });
  record_crash(lock, resident->spec.name, "its " + resident->spec.engine + " engine died in use");
  note_fallen(resident);
  retire(lock, resident, "crash");
}

void Runtime::Impl::note_fallen(const ResidentPtr& resident) {
  if (!options.pinned.contains(resident->spec.name) || resident->wanted_gone) return;
  fallen.push_back(resident);
  chores.notify_one();
}

/// The housekeeper's: also of those that died while nobody used them.
void Runtime::Impl::revive_fallen() {
  for (const auto& resident : std::exchange(fallen, {})) {
    const std::string& name = resident->spec.name;
    if (table.contains(name)) continue;  // somebody has asked for it meanwhile
    const auto crashed = breakers.find(name);
    const bool must_wait = crashed != breakers.end() && crashed->second.wait().count() > 0;
    if (must_wait) {
      fallen.push_back(resident);
      continue;
    }
    begin_load(resident->spec, resident->options)->is_revival = true;
  }
}

void Runtime::Impl::await_restart(TableLock& lock, const std::string& name, const RunContext& run) {
  const auto crashed = breakers.find(name);
  if (crashed == breakers.end()) return;
  const CircuitBreaker& breaker = crashed->second;
  const auto wait = breaker.wait();
  if (wait <= std::chrono::nanoseconds::zero()) return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait);
  if (breaker.is_faulted()) {
    throw Error(ErrorCode::kBusy,
                "model '" + name + "' is faulted: it crashed " + std::to_string(breaker.crashes()) +
                    " times in a row (" + breaker.reason() + ")",
                "it is tried again in " + std::to_string(seconds.count()) +
                    " s, or at once after POST /api/unload of it")
        .set_retry_after(seconds);
  }
  const Deadline pause = run.deadline.earlier(Deadline::in(wait, clock));
  lock.wait(changed, run.stop, pause.time(), [] { return false; });
  run.check();
}

std::vector<Fault> Runtime::Impl::faults() const {
  const TableLock lock(mutex);
  std::vector<Fault> out;
  for (const auto& [name, breaker] : breakers) {
    if (!breaker.is_faulted()) continue;
    out.push_back({name, breaker.reason(), breaker.crashes(), breaker.wait()});
  }
  return out;
}

bool Runtime::Impl::clear_fault(const std::string& name) {
  const TableLock lock(mutex);
  const auto found = breakers.find(name);
  if (found == breakers.end() || !found->second.is_faulted()) return false;
  breakers.erase(found);
  announce();
  return true;
}

}  // namespace hailstone::core
