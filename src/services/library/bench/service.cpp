// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/bench/service.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/catalog.hpp"
#include "core/catalog/placement.hpp"
#include "services/common/capabilities.hpp"
#include "services/library/bench/measure.hpp"

namespace hailstone::bench {
namespace {

using core::StoredModel;
using services::engine_of;

Plan make_plan(const services::ChosenModel& model, int runs) {
  const auto can = [&](inference::Capability capability) {
    return services::has_capability(*model.facts, capability);
  };
  Plan plan;
  plan.model = model.name;
  plan.task = model.stored.task;
  plan.only_embeds = plan.task == "embed" || (can(inference::Capability::kEmbedding) &&
                                              !can(inference::Capability::kCompletion));
  plan.only_ranks = plan.task == "rerank" || can(inference::Capability::kRanking);
  plan.picture = inference::find_image_input(model.stored.settings);
  plan.runs = runs;
  return plan;
}

}  // namespace

/// Of one variant that was to be measured.
struct BenchService::Outcome {
  std::optional<std::chrono::nanoseconds> load_time;
  std::string failure;
};

std::vector<StoredModel> BenchService::choose(const Task& task, const StoredModel& named) const {
  if (task.scope == Scope::kOne && task.engine.empty()) return {named};
  auto variants = models_.placement().variants(services::ModelPlacement::plain_name(named));
  if (task.engine.empty()) return variants;
  std::vector<std::string> engines;
  for (const auto& variant : variants) engines.push_back(engine_of(variant));
  std::erase_if(variants, [&](const auto& variant) { return engine_of(variant) != task.engine; });
  if (variants.empty()) {
    throw Error(
        ErrorCode::kNotFound,
        "no variant of '" + task.model + "' for the engine '" + task.engine + "' is installed",
        "installed: " + join(engines, ", "));
  }
  return variants;
}

Result BenchService::measure(const Task& task, const OnProgress& on_progress,
                             const RunContext& run) {
  const StoredModel named = models_.placement().require(task.model);
  const auto variants = choose(task, named);
  std::map<std::string, Outcome> outcomes;  // by name
  for (const auto& stored : variants) {
    const bool is_alone = variants.size() == 1;
    outcomes[stored.name.display()] = is_alone ? measure_one(stored, task, on_progress, run)
                                               : try_one(stored, task, on_progress, run);
  }
  const core::ModelName plain = services::ModelPlacement::plain_name(named);
  Result result;
  result.model = plain.display();
  result.machine = measurements_.machine();
  const std::string chosen = models_.placement().require(result.model).name.display();
  for (const auto& stored : models_.placement().variants(plain)) {
    Row row = describe(stored);
    row.is_chosen = row.model == chosen;
    if (const auto outcome = outcomes.find(row.model); outcome != outcomes.end()) {
      row.failure = outcome->second.failure;
      row.is_new = row.failure.empty();
      if (row.measurement && outcome->second.load_time) {
        row.measurement->load_time = outcome->second.load_time;
      }
    }
    result.rows.push_back(std::move(row));
  }
  result.missing = find_missing(plain, result.rows);
  return result;
}

BenchService::Outcome BenchService::measure_one(const StoredModel& stored, const Task& task,
                                                const OnProgress& on_progress,
                                                const RunContext& run) {
  const auto model = models_.choose(stored, {});
  const bool was_resident = models_.forecast(model).resident;
  on_progress({"loading " + model.name, 0, 0});
  // Leaves the memory as it was.
  std::optional<core::KeepAlive> keep_alive;
  if (!was_resident) keep_alive = core::KeepAlive::zero();
  const core::Lease lease = models_.acquire(model, keep_alive, run);
  const std::string status = "measuring " + model.name;
  on_progress({status, 0, 0});
  const core::Speed speed = bench::measure(
      lease.model(), make_plan(model, task.runs),
      [&](int done, int runs) {
        on_progress({status, done, runs});
      },
      clock_, run);
  models_.placement().note_speed(stored, speed, lease.model().footprint());
  return {models_.forecast(model).load_time, {}};
}

/// One of several: its failure must not be that of the others.
BenchService::Outcome BenchService::try_one(const StoredModel& stored, const Task& task,
                                            const OnProgress& on_progress, const RunContext& run) {
  try {
    return measure_one(stored, task, on_progress, run);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled || error.code() == ErrorCode::kTimeout) throw;
    return {std::nullopt, error.what()};
  }
}

Row BenchService::describe(const StoredModel& stored) const {
  Row row;
  row.model = stored.name.display();
  row.engine = engine_of(stored);
  row.measurement = models_.placement().find_measurement(stored);
  return row;
}

std::vector<Missing> BenchService::find_missing(const core::ModelName& plain,
                                                const std::vector<Row>& rows) const {
  const core::Catalog catalog = core::load_catalog(catalog_folders_);
  const auto match = catalog.find(plain.display());
  std::vector<Missing> missing;
  if (match.model == nullptr) return missing;
  const auto is_known = [&](const std::string& engine) {
    const auto same = [&](const auto& one) { return one.engine == engine; };
    return std::any_of(rows.begin(), rows.end(), same) ||
           std::any_of(missing.begin(), missing.end(), same);
  };
  for (const auto& variant : match.model->variants) {
    if (is_known(variant.engine)) continue;
    missing.push_back({variant.engine, core::variant_name(plain, variant.engine).display()});
  }
  return missing;
}

Result BenchService::list() const {
  Result result;
  result.machine = measurements_.machine();
  for (auto& measurement : measurements_.list()) {
    Row row;
    row.model = measurement.model.name;
    row.engine = measurement.model.engine;
    row.measurement = std::move(measurement);
    result.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace hailstone::bench
