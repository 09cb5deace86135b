// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Loading models: one thread a load, so that it belongs to all who wait for it and not to the
// request that happened to come first.

#include <system_error>

#include "base/duration.hpp"
#include "base/error.hpp"
#include "core/runtime/runtime_impl.hpp"
#include "core/runtime/watched_model.hpp"
#include "inference/loads/bounded_loads.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::core {
namespace {

/// Somebody else has to end some first.
constexpr std::chrono::seconds kNoThreads{5};

/// Estimates are estimates: so much more than what it has reserved and what nobody has, a load may
/// take before its process is ended.
constexpr ByteSize kMargin = ByteSize::mib(256);

const std::vector<double> kLoadSeconds = {0.1, 0.3, 1, 3, 10, 30, 100};

std::string seconds_text(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration<double>(time).count());
}

}  // namespace

/// Whoever set the limit should find it again.
Error Runtime::Impl::late_error(const ResidentModel& resident, const Error& why) const {
  return Error(
      ErrorCode::kTimeout,
      "model '" + resident.spec.name + "' was not loaded within " +
          to_go_duration(options.load_timeout),
      "the setting load_timeout is how long a load may take (" + std::string(why.what()) + ")");
}

ResidentPtr Runtime::Impl::begin_load(const inference::ModelSpec& spec,
                                      const inference::LoadOptions& asked) {
  auto resident = std::make_shared<ResidentModel>(spec, asked, options.pinned.contains(spec.name));
  table[spec.name] = resident;
  std::jthread& loader = loaders[resident.get()];
  try {
    loader = std::jthread([this, resident] {
      os::set_thread_name("load");
      load(resident);
    });
  } catch (const std::system_error& error) {
    loaders.erase(resident.get());
    table.erase(spec.name);
    throw Error(ErrorCode::kBusy, "model '" + spec.name + "' cannot be loaded now",
                "this machine gives the daemon no more threads (" + error.code().message() + ")")
        .set_retry_after(kNoThreads);
  }
  return resident;
}

void Runtime::Impl::load(const ResidentPtr& resident) {
  ModelPtr loaded;
  std::optional<Error> failure;
  try {
    loaded = load_into_budget(resident);
  } catch (...) {  // the top of this thread: whoever waits for the model gets it
    failure = current_error();
    if (failure->code() == ErrorCode::kTimeout) failure = late_error(*resident, *failure);
  }
  std::optional<std::chrono::nanoseconds> time;
  if (loaded) time = loaded->load_time();
  finish_load(resident, std::move(loaded), std::move(failure));
  // Last, because it may write a file, and nobody has to wait for that.
  if (time && options.load_times != nullptr) {
    const auto version = find_engine(resident->spec.engine)->probe().version;
    options.load_times->note(resident->spec, version, *time);
  }
}

ModelPtr Runtime::Impl::load_into_budget(const ResidentPtr& resident) {
  const RunContext run{Deadline::in(options.load_timeout, clock), resident->stop_load.get_token()};
  inference::Engine& engine = require_engine(resident->spec);
  MemoryBudget::Reservation share = make_room(resident, run);
  const SteadyTime begun = clock.now();
  const auto load_once = [&] {
    auto* const bounded = dynamic_cast<inference::BoundedLoads*>(&engine);
    if (bounded == nullptr) return engine.load(resident->spec, resident->options, run);
    const ByteSize most = share.amount().host + budget.free().host + kMargin;
    return bounded->load_within(most, resident->spec, resident->options, run);
  };
  std::unique_ptr<inference::Model> model;
  try {
    model = load_once();
  } catch (const Error& error) {
    // Books can be wrong, the machine is right: once more with all the memory there is.
    if (error.code() != ErrorCode::kOutOfMemory || !evict_all_idle()) throw;
    model = load_once();
  }
  auto loaded =
      mutex.graveyard.make(watch_model(std::move(model), resident->spec, watch, &metrics),
                           std::move(share), clock.now() - begun, [this] { note_freed(); });
  const auto needs = inference::larger_of(resident->wanted, loaded->measure());
  remember({resident->spec, resident->options, needs, loaded->load_time()});
  return loaded;
}

void Runtime::Impl::note_load(const ResidentModel& resident, const LoadedModel* loaded) {
  metrics
      .counter("hailstone_model_loads_total", "Loads of models, by outcome.",
               {{"outcome", loaded != nullptr ? "loaded" : "failed"}})
      .add();
  if (loaded == nullptr) return;
  metrics
      .histogram("hailstone_model_load_seconds", "Time to load a model.", kLoadSeconds,
                 {{"engine", resident.spec.engine}})
      .observe(std::chrono::duration<double>(loaded->load_time()).count());
  log::info("runtime", "model loaded",
            {{"model", resident.spec.name},
             {"seconds", seconds_text(loaded->load_time())},
             {"memory", to_string(loaded->footprint().host)}});
}

void Runtime::Impl::finish_load(const ResidentPtr& resident, ModelPtr loaded,
                                std::optional<Error> failure) {
  note_load(*resident, loaded.get());
  TableLock lock(mutex);
  if (resident->wanted_gone) {  // however it ended
    loaded.reset();
    failure = Error(ErrorCode::kBusy,
                    "model '" + resident->spec.name + "' was unloaded while it was being loaded")
                  .set_retry_after(std::chrono::seconds(1));
  }
  resident->last_used = clock.now();
  resident->ready_since = resident->last_used;
  resident->keep_alive = grant(std::nullopt);
  resident->state = loaded ? ResidentModel::State::kReady : ResidentModel::State::kRetired;
  resident->loaded = std::move(loaded);
  if (failure) {
    // An engine that dies while it loads may not be started at every request.
    if (failure->code() == ErrorCode::kEngineFailed) {
      record_crash(lock, resident->spec.name, failure->what());
    }
    // What it needs may come back, as the model shall: a chip that is busy, an engine that pauses.
    if (resident->is_revival) note_fallen(resident);
    table.erase(resident->spec.name);
  }
  resident->failure = std::move(failure);
  done_loaders.push_back(std::move(loaders[resident.get()]));
  loaders.erase(resident.get());
  chores.notify_one();
  grant_slots(resident->spec.name);
  announce();
}

void Runtime::Impl::call_off(TableLock& lock, const ResidentPtr& resident) {
  resident->called_off = true;
  // Later, because whoever loads is called back.
  lock.later([stop = resident->stop_load]() mutable { stop.request_stop(); });
}

void Runtime::Impl::await_load(TableLock& lock, const ResidentPtr& resident,
                               const RunContext& run) {
  // The last one that stops waiting calls the load off: nobody wants the model any more.
  struct Waiting {
    TableLock& lock;
    const ResidentPtr& model;
    Waiting(TableLock& table_lock, const ResidentPtr& loading) : lock(table_lock), model(loading) {
      ++model->waiters;
    }
    ~Waiting() {
      const bool was_last = --model->waiters == 0;
      if (was_last && model->state == ResidentModel::State::kLoading) call_off(lock, model);
    }
  };
  const Waiting waiting(lock, resident);
  while (resident->state == ResidentModel::State::kLoading) await_change(lock, run);
  if (resident->failure) throw Error(*resident->failure);
}

void Runtime::Impl::end_loads() {
  TableLock lock(mutex);
  for (const auto& [name, resident] : table) {
    if (resident->state == ResidentModel::State::kLoading) call_off(lock, resident);
  }
  while (!loaders.empty()) await_change(lock, {});
}

}  // namespace hailstone::core
