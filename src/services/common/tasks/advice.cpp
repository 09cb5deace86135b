// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/tasks/advice.hpp"

#include "core/catalog/resolve.hpp"
#include "core/runtime/runtime.hpp"
#include "services/common/usable_engines.hpp"

namespace hailstone::services {
namespace {

bool is_wanted(const core::CatalogModel& model, std::string_view task, std::string_view decoder,
               const core::Machine& machine) {
  if (model.task != task) return false;
  if (decoder.empty()) return model.is_default;
  return core::choose_variant(model, machine).decoder == decoder;
}

/// One that does it somewhere, whether it runs here or not.
const core::CatalogModel* find_any(const core::Catalog& catalog, std::string_view task,
                                   std::string_view decoder, const core::Machine& machine) {
  const core::CatalogModel* any = nullptr;
  for (const auto& model : catalog.models()) {
    if (!is_wanted(model, task, decoder, machine)) continue;
    if (core::works_here(model, machine)) return &model;
    if (any == nullptr) any = &model;
  }
  return any;
}

std::string why_not(const std::string& engine, const core::Runtime& runtime) {
  for (const auto* each : runtime.engines()) {
    if (each->name() != engine) continue;
    const auto state = each->probe();
    return state.usable ? "is of another version" : "does not work here: " + state.reason;
  }
  return "is not installed";
}

}  // namespace

std::string advise_model(const core::Catalog& catalog, std::string_view task,
                         std::string_view decoder, const core::Runtime& runtime) {
  const core::Machine machine(usable_engines(runtime));
  const auto* model = decoder.empty() ? core::find_default(catalog, task, machine) : nullptr;
  if (model == nullptr) model = find_any(catalog, task, decoder, machine);
  if (model == nullptr) return "hailstone catalog lists what can be installed";
  if (core::works_here(*model, machine)) return "install one with: hailstone pull " + model->name;
  const auto& engine = core::choose_variant(*model, machine).engine;
  return "the catalogue's " + model->name + " needs the engine " + engine + ", which " +
         why_not(engine, runtime);
}

}  // namespace hailstone::services
