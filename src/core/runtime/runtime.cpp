// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/runtime.hpp"

#include <utility>

#include "base/error.hpp"
#include "core/runtime/admission.hpp"
#include "core/runtime/runtime_impl.hpp"
#include "inference/engines/shown_name.hpp"
#include "inference/text_session.hpp"

namespace hailstone::core {

inference::Engine* Runtime::Impl::find_engine(std::string_view name) const noexcept {
  for (const auto& engine : engines) {
    if (engine->name() == name) return engine.get();
  }
  return nullptr;
}

/// It is this machine that cannot, not the client that asked wrongly.
inference::Engine& Runtime::Impl::require_engine(const inference::ModelSpec& spec) const {
  inference::Engine* engine = find_engine(spec.engine);
  if (engine == nullptr) {
    throw Error(
        ErrorCode::kEngineFailed,
        "model '" + spec.name + "' needs the engine '" + spec.engine + "', which is not installed",
        "GET /api/health lists the engines that are");
  }
  if (const auto availability = engine->probe(); !availability.usable) {
    throw Error(ErrorCode::kEngineFailed,
                "model '" + spec.name + "' cannot run: " + availability.reason,
                "`hailstone doctor` tells what is missing, and the command that repairs it");
  }
  return *engine;
}

void Runtime::Impl::announce() {
  ++changes;
  changed.notify_all();
}

void Runtime::Impl::await_change(TableLock& lock, const RunContext& run) {
  run.check();
  lock.wait(changed, run.stop, run.deadline.time(), [this, before = changes] {
    mutex.assert_held();
    return changes != before;
  });
  run.check();
}

ResidentPtr Runtime::Impl::acquire(const inference::ModelSpec& spec,
                                   const inference::LoadOptions& asked, const RunContext& run) {
  TableLock lock(mutex);
  Turn turn(*this, spec.name, run);
  ResidentPtr resident = await_resident(lock, spec, asked, run, turn);
  ++resident->leases;
  turn.keep();
  return resident;
}

/// Until it is there with these options, and the turn has a slot of it.
ResidentPtr Runtime::Impl::await_resident(TableLock& lock, const inference::ModelSpec& spec,
                                          const inference::LoadOptions& asked,
                                          const RunContext& run, Turn& turn) {
  ResidentPtr awaited;  // whose load this request has waited for
  for (;;) {
    const auto found = table.find(spec.name);
    if (found == table.end()) {
      await_restart(lock, spec.name, run);
      if (!table.contains(spec.name)) begin_load(spec, asked);
      continue;
    }
    const ResidentPtr resident = found->second;
    if (resident->state == ResidentModel::State::kLoading) {
      // One that was called off ends first: then comes a load of our own.
      if (resident->called_off) {
        await_change(lock, run);
      } else {
        awaited = resident;
        await_load(lock, resident, run);
      }
    } else if (!resident->model().alive()) {
      retire_dead(lock, resident);
      lock.breathe();  // its memory must be back before the next load
    } else if (resident->makes_room && resident != awaited) {
      await_change(lock, run);
    } else if (!turn.has_slot()) {
      turn.await_slot(lock, run);
    } else if (resident->wanted_gone || !serves(*resident, spec, asked)) {
      make_room_for_reload(lock, resident, run);
    } else {
      return resident;
    }
  }
}

void Runtime::Impl::make_room_for_reload(TableLock& lock, const ResidentPtr& resident,
                                         const RunContext& run) {
  // Whoever comes now waits too, or a busy model would never get its new options.
  resident->wanted_gone = true;
  if (!resident->idle()) return await_change(lock, run);
  retire(lock, resident, "reload");
  lock.breathe();  // the memory must be back before the next load
}

namespace {

void set_pools(Metrics& metrics, const char* name, const char* help,
               const inference::Footprint& amount) {
  metrics.gauge(name, help, {{"pool", "host"}}).set(static_cast<double>(amount.host.count()));
  metrics.gauge(name, help, {{"pool", "npu"}}).set(static_cast<double>(amount.npu.count()));
}

}  // namespace

void Runtime::Impl::collect() {
  set_pools(metrics, "hailstone_memory_limit_bytes", "Memory that models may take.",
            budget.capacity());
  set_pools(metrics, "hailstone_memory_used_bytes", "Of it measured or reserved.", budget.used());
  metrics.gauge("hailstone_models_faulted", "Models that crashed again and again.")
      .set(static_cast<double>(faults().size()));
  std::size_t residents = 0;
  {
    const TableLock lock(mutex);
    residents = table.size();
  }
  metrics.gauge("hailstone_models_resident", "Models in memory or being loaded.")
      .set(static_cast<double>(residents));
  const QueueFigures work = queue();
  for (std::size_t i = 0; i < work.size(); ++i) {
    const Labels lane{{"lane", std::string(to_string(kLanes[i]))}};
    metrics.gauge("hailstone_requests_waiting", "Work that waits for a slot of its model.", lane)
        .set(static_cast<double>(work[i].waiting));
    metrics.gauge("hailstone_requests_working", "Work that has one.", lane)
        .set(static_cast<double>(work[i].running));
  }
}

KeepAlive Runtime::Impl::grant(std::optional<KeepAlive> asked) const noexcept {
  const KeepAlive wish = asked.value_or(options.default_keep_alive);
  const KeepAlive most = options.max_keep_alive;
  const bool is_too_long = wish < KeepAlive::zero() || wish > most;
  return most >= KeepAlive::zero() && is_too_long ? most : wish;
}

Runtime::Runtime(std::vector<std::unique_ptr<inference::Engine>> engines, RuntimeOptions options,
                 Metrics& metrics, const Clock& clock)
    : impl_(std::make_shared<Impl>(std::move(engines), std::move(options), metrics, clock)) {
  // Weak, because the metrics may be asked after the runtime has gone.
  metrics.add_collector([runtime = std::weak_ptr<Impl>(impl_)] {
    if (const auto impl = runtime.lock()) impl->collect();
  });
}

Runtime::~Runtime() {
  impl_->end_loads();
  unload_all();
  impl_->housekeeper.request_stop();
  if (impl_->housekeeper.joinable()) impl_->housekeeper.join();
}

Lease Runtime::acquire(const inference::ModelSpec& spec, const inference::LoadOptions& options,
                       std::optional<KeepAlive> keep_alive, const RunContext& run) {
  const SteadyTime asked = impl_->clock.now();
  ResidentPtr resident = impl_->acquire(spec, options, run);
  auto state = std::make_unique<Lease::State>();
  state->runtime = impl_;
  state->resident = std::move(resident);
  state->model = &state->resident->model();
  state->engine = inference::shown_name(*find_engine(spec.engine));
  state->lane = run.lane;
  state->keep_alive = impl_->grant(keep_alive);
  if (keep_alive && state->keep_alive != *keep_alive) state->cut_keep_alive = state->keep_alive;
  state->load_time = impl_->clock.now() - asked;
  return Lease(std::move(state));
}

bool Runtime::unload(const std::string& name) {
  return impl_->unload(name);
}

void Runtime::unload_all() {
  std::vector<std::string> names;
  for (const auto& resident : residents()) names.push_back(resident.name);
  for (const auto& name : names) unload(name);
}

namespace {

Resident describe(const ResidentModel& model, const Clock& clock) {
  Resident row;
  row.name = model.spec.name;
  row.engine = model.spec.engine;
  row.options = model.options;
  row.leases = model.leases;
  row.loading = model.state == ResidentModel::State::kLoading;
  row.pinned = model.pinned;
  row.footprint = model.wanted;
  if (!row.loading && !model.stays_for_ever()) {
    row.expires =
        clock.wall() + std::chrono::duration_cast<WallTime::duration>(model.expiry() - clock.now());
  }
  return row;
}

}  // namespace

std::vector<Resident> Runtime::residents() const {
  std::vector<Resident> out;
  std::vector<ModelPtr> models;  // shared, so that they stay while they are asked
  {
    const TableLock lock(impl_->mutex);
    for (const auto& [name, model] : impl_->table) {
      out.push_back(describe(*model, impl_->clock));
      models.push_back(model->loaded);
    }
  }
  // By the books, which the housekeeper keeps up to date: measuring takes milliseconds a model.
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!models[i]) continue;
    out[i].footprint = models[i]->footprint();
    if (auto* text = models[i]->model().text()) out[i].context_length = text->context_length();
  }
  models.clear();
  impl_->sweep();
  return out;
}

void Runtime::set_pace(Pace pace, std::optional<Error> refusal) {
  impl_->set_pace(pace, std::move(refusal));
}

QueueFigures Runtime::queue() const {
  return impl_->queue();
}

InferenceFigures Runtime::inference() const {
  return impl_->watch.figures();
}

MemoryUse Runtime::memory() const {
  return {impl_->budget.capacity(), impl_->budget.used()};
}

LoadForecast Runtime::forecast(const inference::ModelSpec& spec,
                               const inference::LoadOptions& options) {
  return impl_->forecast(spec, options);
}

std::vector<Fault> Runtime::faults() const {
  return impl_->faults();
}

bool Runtime::clear_fault(const std::string& name) {
  return impl_->clear_fault(name);
}

inference::Engine* Runtime::find_engine(std::string_view name) const noexcept {
  return impl_->find_engine(name);
}

std::vector<const inference::Engine*> Runtime::engines() const {
  std::vector<const inference::Engine*> out;
  for (const auto& engine : impl_->engines) out.push_back(engine.get());
  return out;
}

Lease::Lease(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Lease::Lease(Lease&&) noexcept = default;
Lease& Lease::operator=(Lease&&) noexcept = default;
Lease::~Lease() = default;

void Lease::give_back_slot() {
  if (const auto lane = std::exchange(state_->lane, std::nullopt)) {
    const TableLock lock(state_->runtime->mutex);
    state_->runtime->end_turn(state_->resident->spec.name, *lane);
  }
}

bool Lease::is_wanted_back() const {
  const TableLock lock(state_->runtime->mutex);
  return state_->resident->wanted_gone ||
         state_->resident->state == ResidentModel::State::kRetired ||
         !state_->resident->model().alive();
}

inference::Model& Lease::model() const noexcept {
  return *state_->model;
}
const std::string& Lease::engine() const noexcept {
  return state_->engine;
}
std::chrono::nanoseconds Lease::load_time() const noexcept {
  return state_->load_time;
}
std::optional<KeepAlive> Lease::cut_keep_alive() const noexcept {
  return state_->cut_keep_alive;
}

}  // namespace hailstone::core
