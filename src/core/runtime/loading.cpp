// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Loading models: one thread a load, so that it belongs to all who wait for it and not to the
// request that happened to come first.

#include "base/error.hpp"
#include "core/log/log.hpp"
#include "core/runtime/runtime_impl.hpp"
#include "core/runtime/watched_model.hpp"
#include "os/thread_name.hpp"

namespace hailstone::core {
namespace {

const std::vector<double> kLoadSeconds = {0.1, 0.3, 1, 3, 10, 30, 100};

std::string seconds_text(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration<double>(time).count());
}

}  // namespace

ResidentPtr Runtime::Impl::begin_load(const inference::ModelSpec& spec,
                                      const inference::LoadOptions& asked) {
  auto resident = std::make_shared<ResidentModel>(spec, asked);
  table[spec.name] = resident;
  loaders[resident.get()] = std::jthread([this, resident] {
    os::set_thread_name("load");
    load(resident);
  });
  return resident;
}

void Runtime::Impl::load(const ResidentPtr& resident) {
  const SteadyTime begun = clock.now();
  std::shared_ptr<inference::Model> model;
  std::optional<Error> failure;
  try {
    const RunContext run{Deadline::in(options.load_timeout, clock),
                         resident->stop_load.get_token()};
    model = watch_model(require_engine(resident->spec).load(resident->spec, resident->options, run),
                        resident->spec, watch);
  } catch (...) {  // the top of this thread: whoever waits for the model gets it
    failure = current_error();
  }
  finish_load(resident, std::move(model), std::move(failure), clock.now() - begun);
}

void Runtime::Impl::finish_load(const ResidentPtr& resident,
                                std::shared_ptr<inference::Model> model,
                                std::optional<Error> failure, std::chrono::nanoseconds took) {
  const bool loaded = model != nullptr;
  metrics
      .counter("hailstone_model_loads_total", "Loads of models, by outcome.",
               {{"outcome", loaded ? "loaded" : "failed"}})
      .add();
  if (loaded) {
    metrics
        .histogram("hailstone_model_load_seconds", "Time to load a model.", kLoadSeconds,
                   {{"engine", resident->spec.engine}})
        .observe(std::chrono::duration<double>(took).count());
    log::info("runtime", "model loaded",
              {{"model", resident->spec.name}, {"seconds", seconds_text(took)}});
  }
  const Lock lock(mutex);
  resident->model = std::move(model);
  resident->last_used = clock.now();
  resident->keep_alive = options.default_keep_alive;
  resident->state = loaded ? ResidentModel::State::kReady : ResidentModel::State::kRetired;
  if (loaded) {
    const auto crashed = backoffs.find(resident->spec.name);
    if (crashed != backoffs.end()) crashed->second.note_start();
  } else {
    // An engine that dies while it loads may not be started at every request.
    if (failure->code() == ErrorCode::kEngineFailed) record_crash(resident->spec.name);
    table.erase(resident->spec.name);
  }
  resident->failure = std::move(failure);
  done_loaders.push_back(std::move(loaders[resident.get()]));
  loaders.erase(resident.get());
  chores.notify_one();
  announce();
}

void Runtime::Impl::await_load(Lock& lock, const ResidentPtr& resident, const RunContext& run) {
  // The last one that stops waiting calls the load off: nobody wants the model any more.
  struct Waiting {
    ResidentModel& model;
    explicit Waiting(ResidentModel& loading) : model(loading) { ++model.waiters; }
    ~Waiting() {
      if (--model.waiters == 0) model.stop_load.request_stop();
    }
  };
  const Waiting waiting(*resident);
  while (resident->state == ResidentModel::State::kLoading) await_change(lock, run);
  if (resident->failure) throw Error(*resident->failure);
}

void Runtime::Impl::await_restart(Lock& lock, const std::string& name, const RunContext& run) {
  const auto crashed = backoffs.find(name);
  if (crashed == backoffs.end()) return;
  const auto wait = crashed->second.wait();
  if (wait <= std::chrono::nanoseconds::zero()) return;
  constexpr std::chrono::seconds kPatience{1};
  if (wait > kPatience) {
    throw Error(ErrorCode::kBusy, "model '" + name + "' crashed and is waiting for its restart")
        .set_retry_after(std::chrono::ceil<std::chrono::seconds>(wait));
  }
  const Deadline pause = run.deadline.earlier(Deadline::in(wait, clock));
  changed.wait_until(lock, run.stop, pause.time(), [] { return false; });
  run.check();
}

void Runtime::Impl::end_loads() {
  Lock lock(mutex);
  for (const auto& [name, resident] : table) resident->stop_load.request_stop();
  changed.wait(lock, [this] { return loaders.empty(); });
}

}  // namespace hailstone::core
