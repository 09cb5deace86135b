// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/model_placement.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "core/measurements/measurements.hpp"
#include "core/runtime/runtime.hpp"
#include "inference/engines/engine_descriptor.hpp"
#include "log/log.hpp"
#include "services/common/model_access.hpp"
#include "services/common/usable_engines.hpp"

namespace hailstone::services {
namespace {

bool is_accelerated(std::string_view engine) {
  const auto* known = inference::find_known_engine(engine);
  return known != nullptr && !known->accelerator.empty();
}

}  // namespace

std::string engine_of(const core::StoredModel& stored) {
  return stored.engine.empty() ? inference::engine_of_format(stored.format) : stored.engine;
}

std::vector<core::StoredModel> ModelPlacement::variants(const core::ModelName& asked) const {
  std::vector<core::StoredModel> out;
  if (auto plain = store_.find(asked)) out.push_back(std::move(*plain));
  const core::ModelName name =
      out.empty() ? asked : out.front().name;  // as it is written in the store
  const std::string plain_engine = out.empty() ? std::string() : engine_of(out.front());
  for (const auto* engine : runtime_.engines()) {
    if (engine->name() == plain_engine) continue;
    const auto variant_name = core::variant_name(name, engine->name());
    // A request must not look through the whole store once for each engine that has no variant.
    auto variant = out.empty() ? store_.find(variant_name) : store_.find_exact(variant_name);
    if (variant && engine_of(*variant) == engine->name()) out.push_back(std::move(*variant));
  }
  return out;
}

core::StoredModel ModelPlacement::require(const std::string& name) const {
  auto found = variants(core::parse_model_name(name));
  if (found.empty()) return store_.require(name);
  if (found.size() == 1) return std::move(found.front());
  std::vector<core::Place> places;
  for (const auto& variant : found) places.push_back(make_place(variant));
  return std::move(found[core::choose_place(found.front().task, places)]);
}

core::ModelName ModelPlacement::plain_name(const core::StoredModel& stored) {
  return core::find_plain_name(stored.name, engine_of(stored)).value_or(stored.name);
}

core::MeasuredModel ModelPlacement::measured_model(const core::StoredModel& stored) const {
  core::MeasuredModel out{stored.name.display(), stored.digest, engine_of(stored), {}};
  if (const auto* engine = runtime_.find_engine(out.engine)) {
    out.engine_version = engine->probe().version;
  }
  return out;
}

std::optional<core::Measurement> ModelPlacement::find_measurement(
    const core::StoredModel& stored) const {
  if (measurements_ == nullptr) return std::nullopt;
  return measurements_->find(measured_model(stored));
}

void ModelPlacement::note_speed(const core::StoredModel& stored, const core::Speed& speed,
                                const inference::Footprint& memory) {
  if (measurements_ != nullptr) measurements_->note_speed(measured_model(stored), speed, memory);
}

void ModelPlacement::forget(const core::ModelName& name) {
  if (measurements_ != nullptr) measurements_->forget(name.display());
}

core::Place ModelPlacement::make_place(const core::StoredModel& stored) const {
  core::Place place;
  place.engine = engine_of(stored);
  const auto* engine = runtime_.find_engine(place.engine);
  place.works = engine != nullptr && engine->probe().usable;
  if (place.works && fallback_ == Fallback::kProcessor && is_accelerated(place.engine)) {
    place.works = !would_wait(stored);
  }
  if (const auto measurement = find_measurement(stored)) place.speed = measurement->speed;
  return place;
}

/// Broken, just failed, or without room for it at once.
bool ModelPlacement::would_wait(const core::StoredModel& stored) const {
  const std::string name = stored.name.display();
  {
    const std::lock_guard lock(mutex_);
    const auto trouble = troubles_.find(name);
    if (trouble != troubles_.end() && system_clock().now() < trouble->second) return true;
  }
  const auto is_it = [&](const auto& one) { return one.name == name; };
  const auto faults = runtime_.faults();
  if (std::any_of(faults.begin(), faults.end(), is_it)) return true;
  const auto residents = runtime_.residents();
  if (std::any_of(residents.begin(), residents.end(), is_it)) return false;
  try {
    return !runtime_.forecast(spec_to_load(stored, runtime_), {}).fits;
  } catch (const Error& error) {
    log::debug("models", "no place on its accelerator", {{"model", name}, {"why", error.what()}});
    return true;
  }
}

void ModelPlacement::note_trouble(const core::StoredModel& stored) {
  constexpr auto kWhile = std::chrono::seconds(30);
  if (!is_accelerated(engine_of(stored))) return;
  const std::lock_guard lock(mutex_);
  troubles_[stored.name.display()] = system_clock().now() + kWhile;
}

core::Machine ModelPlacement::machine(const core::Catalog& catalog) const {
  std::map<std::pair<std::string, std::string>, core::Speed> speeds;  // by model and engine
  if (measurements_ != nullptr && !measurements_->list().empty()) {
    for (const auto& stored : store_.list()) {
      const auto match = catalog.find(stored.name.display());
      if (match.model == nullptr) continue;
      const auto measurement = find_measurement(stored);
      if (!measurement || !measurement->speed) continue;
      speeds[{match.model->name, engine_of(stored)}] = *measurement->speed;
    }
  }
  return {usable_engines(runtime_),
          [speeds = std::move(speeds)](const core::CatalogModel& model,
                                       const std::string& engine) -> std::optional<core::Speed> {
            const auto found = speeds.find({model.name, engine});
            if (found == speeds.end()) return std::nullopt;
            return found->second;
          }};
}

}  // namespace hailstone::services
