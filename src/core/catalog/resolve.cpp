// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/resolve.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/placement.hpp"

namespace hailstone::core {
namespace {

/// "5.10.1" -> {5, 10, 1}; what is no number counts as zero.
std::vector<int> version_parts(std::string_view version) {
  std::vector<int> out;
  for (const auto& part : split(version, '.')) {
    int number = 0;
    std::from_chars(part.data(), part.data() + part.size(), number);
    out.push_back(number);
  }
  return out;
}

const UsableEngine* find_engine(const std::vector<UsableEngine>& usable, std::string_view name) {
  const auto found = std::find_if(usable.begin(), usable.end(),
                                  [&](const UsableEngine& engine) { return engine.name == name; });
  return found == usable.end() ? nullptr : &*found;
}

/// Of several for one engine the newest file that its runtime can load; the oldest where the
/// runtime's version is not known, as that is what most runtimes load.
Place make_place(const CatalogModel& model, const CatalogVariant& variant, const Machine& machine) {
  const auto* engine = find_engine(machine.engines, variant.engine);
  const bool is_known = engine != nullptr && !engine->version.empty();
  Place place;
  place.engine = variant.engine;
  place.merit = version_parts(variant.runtime);
  place.works = engine != nullptr && (!is_known || place.merit <= version_parts(engine->version));
  if (!is_known) {
    for (int& part : place.merit) part = -part;
  }
  if (machine.find_speed) place.speed = machine.find_speed(model, variant.engine);
  return place;
}

/// Of the variants for that engine, or of all.
const CatalogVariant& best_variant(const CatalogModel& model, const Machine& machine,
                                   std::optional<std::string_view> engine) {
  std::vector<const CatalogVariant*> variants;
  std::vector<Place> places;
  for (const auto& variant : model.variants) {
    if (engine && variant.engine != *engine) continue;
    variants.push_back(&variant);
    places.push_back(make_place(model, variant, machine));
  }
  return *variants[choose_place(model.task, places)];
}

bool is_too_new(const CatalogVariant& variant, const UsableEngine& engine) {
  return !engine.version.empty() && version_parts(variant.runtime) > version_parts(engine.version);
}

/// Of the same task, for that engine, in a version that it has.
std::vector<std::string> names_that_run(const Catalog& catalog, const CatalogModel& model,
                                        const UsableEngine& engine) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> names;
  for (const auto& other : catalog.models()) {
    if (other.task != model.task || names.size() == kMost) continue;
    const auto runs = [&](const CatalogVariant& variant) {
      return variant.engine == engine.name && !is_too_new(variant, engine);
    };
    if (std::any_of(other.variants.begin(), other.variants.end(), runs)) {
      names.push_back(other.name);
    }
  }
  return names;
}

/// A file that the installed version of its engine's runtime cannot load is not fetched.
void require_runtime(const Catalog& catalog, const CatalogModel& model,
                     const CatalogVariant& variant, const Machine& machine) {
  const auto* engine = find_engine(machine.engines, variant.engine);
  if (engine == nullptr || !is_too_new(variant, *engine)) return;
  const auto others = names_that_run(catalog, model, *engine);
  std::string detail = "update it";
  if (!others.empty()) detail += ", or take one that runs with it: " + join(others, ", ");
  throw Error(ErrorCode::kUnsupported,
              "the file of '" + model.name + "' for " + variant.engine + " needs version " +
                  variant.runtime + " of its runtime, and " + engine->version + " is installed",
              detail);
}

/// Who wants the file all the same names the variant.
void refuse_foreign(const CatalogMatch& match, const CatalogVariant& chosen, const ModelName& name,
                    const Machine& machine) {
  if (match.engine || !is_accelerated(chosen.engine)) return;
  if (make_place(*match.model, chosen, machine).works) return;
  std::string needs = chosen.engine;
  if (!chosen.runtime.empty()) needs += " " + chosen.runtime;
  throw Error(
      ErrorCode::kUnsupported,
      "model '" + name.display() + "' needs the engine " + needs + ", which does not work here",
      "`hailstone doctor` tells why; `hailstone pull " +
          variant_name(name, chosen.engine).display() + "` fetches it all the same");
}

}  // namespace

const CatalogVariant& choose_variant(const CatalogModel& model, const Machine& machine) {
  return best_variant(model, machine, std::nullopt);
}

bool works_here(const CatalogModel& model, const Machine& machine) {
  return make_place(model, choose_variant(model, machine), machine).works;
}

const CatalogModel* find_default(const Catalog& catalog, std::string_view task,
                                 const Machine& machine) {
  const CatalogModel* best = nullptr;
  const auto place = [&](const CatalogModel& model) {
    return make_place(model, choose_variant(model, machine), machine);
  };
  for (const auto& model : catalog.models()) {
    if (!model.is_default || model.task != task || !works_here(model, machine)) continue;
    if (best == nullptr || is_better(task, place(model), place(*best))) best = &model;
  }
  return best;
}

PullTarget resolve_pull(const Catalog& catalog, std::string_view name, const Machine& machine) {
  const ModelName parsed = parse_model_name(name);
  // Who writes the host means that registry.
  const bool names_host = std::count(name.begin(), name.end(), '/') >= 2;
  const auto match = names_host ? CatalogMatch() : catalog.find(parsed.display());
  if (match.model == nullptr) return RegistryTarget{parsed, parsed};
  const CatalogVariant& variant = best_variant(*match.model, machine, match.engine);
  require_runtime(catalog, *match.model, variant, machine);
  refuse_foreign(match, variant, parsed, machine);
  if (!variant.registry.empty()) {
    return RegistryTarget{parse_model_name(variant.registry), parsed};
  }
  return FilesTarget{parsed, match.model, &variant};
}

}  // namespace hailstone::core
