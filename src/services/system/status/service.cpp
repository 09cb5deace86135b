// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/system/status/service.hpp"

#include <set>
#include <utility>

#include "base/strings.hpp"
#include "core/store/model_name.hpp"
#include "inference/engines/shown_name.hpp"
#include "os/process_memory.hpp"

namespace hailstone::status {
namespace {

inference::Footprint total_of(const std::vector<core::Resident>& models) noexcept {
  inference::Footprint total;
  for (const auto& model : models) {
    total.host += model.footprint.host;
    total.npu += model.footprint.npu;
  }
  return total;
}

}  // namespace

SystemService::SystemService(core::Store& store, core::Runtime& runtime,
                             const core::MachineMonitor& host, core::Metrics& metrics,
                             const Pulse& pulse, std::string version, NotReady not_ready,
                             const Clock& clock)
    : store_(store),
      runtime_(runtime),
      host_(host),
      metrics_(metrics),
      pulse_(pulse),
      version_(std::move(version)),
      not_ready_(std::move(not_ready)),
      clock_(clock),
      started_(clock.now()) {}

Health SystemService::health() const {
  Health health;
  if (const auto reason = not_ready_()) health.reasons.push_back(*reason);
  health.engines = engine_states();
  for (const auto& engine : health.engines) {
    if (engine.needed && !engine.availability.usable) {
      health.reasons.push_back("engine " + engine.name + ": " + engine.availability.reason);
    }
  }
  if (workers_) health.workers = workers_();
  health.host = host_.status();
  if (health.host.heat == core::Heat::kHot) {
    health.reasons.push_back("too hot for new work: " + health.host.heat_reason);
  }
  health.chip = chip_.summary();
  health.inference = runtime_.inference();
  for (const auto& model : health.inference.stuck) {
    health.reasons.push_back("inference is stuck on " + model);
  }
  if (auto fault = pulse_.fault(); !fault.empty()) health.reasons.push_back(std::move(fault));
  health.faults = runtime_.faults();
  for (const auto& fault : health.faults) {
    health.reasons.push_back("model " + fault.name + " is faulted: " + fault.reason);
  }
  for (const auto& name : missing_pins()) {
    health.reasons.push_back("pinned model " + name + " is not installed");
  }
  health.degraded = !health.reasons.empty();
  const auto residents = runtime_.residents();
  for (const auto& resident : residents) {
    if (!resident.loading) health.loaded.push_back(resident.name);
  }
  health.budget = runtime_.memory();
  health.memory = os::own_rss() + total_of(residents).host;
  health.uptime = std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - started_);
  health.version = version_;
  return health;
}

Resources SystemService::resources() const {
  Resources resources;
  resources.models = runtime_.residents();
  resources.total = total_of(resources.models);
  resources.budget = runtime_.memory();
  resources.faults = runtime_.faults();
  resources.daemon = os::own_rss();
  const auto machine = os::read_machine_memory();
  resources.machine_total = machine.total;
  resources.machine_available = machine.available;
  resources.host = host_.status();
  resources.engines = engine_states();
  if (workers_) resources.workers = workers_();
  for (const auto& place : places_) resources.places.push_back(look_into(place));
  resources.environment = environment_;
  return resources;
}

void SystemService::set_places(std::vector<Place> places, std::vector<Variable> environment) {
  places_ = std::move(places);
  environment_ = std::move(environment);
}

void SystemService::set_settings(InForce in_force, std::vector<std::string> pinned) {
  in_force_ = std::move(in_force);
  pinned_ = std::move(pinned);
}

std::vector<std::string> SystemService::missing_pins() const {
  if (pinned_.empty()) return {};
  std::set<std::string> installed;
  for (const auto& model : store_.list()) installed.insert(to_lower(model.name.display()));
  std::vector<std::string> missing;
  for (const auto& text : pinned_) {
    const auto name = core::find_model_name(text);
    const auto shown = name ? name->display() : text;
    if (installed.count(to_lower(shown)) == 0) missing.push_back(shown);
  }
  return missing;
}

std::string SystemService::metrics() const {
  const auto inference = runtime_.inference();
  metrics_.gauge("hailstone_inference_running", "Runs on engines.").set(inference.running);
  metrics_.gauge("hailstone_inference_stuck", "Of these, stuck ones.")
      .set(static_cast<double>(inference.stuck.size()));
  for (const auto& [engine, age] : inference.since_success) {
    metrics_
        .gauge("hailstone_inference_last_success_age_seconds", "Since the last run that worked.",
               {{"engine", engine}})
        .set(std::chrono::duration<double>(age).count());
  }
  return metrics_.expose();
}

std::vector<EngineState> SystemService::engine_states() const {
  std::set<std::string> needed;
  for (const auto& model : store_.list()) needed.insert(model.engine);
  std::vector<EngineState> out;
  for (const auto* engine : runtime_.engines()) {
    const bool is_needed = needed.contains(std::string(engine->name()));
    out.push_back({inference::shown_name(*engine), engine->probe(), is_needed});
  }
  return out;
}

}  // namespace hailstone::status
