// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/catalog/service.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/catalog.hpp"
#include "core/catalog/resolve.hpp"
#include "inference/engines/engine_descriptor.hpp"

namespace hailstone::catalog {
namespace {

using core::Catalog;
using core::CatalogModel;
using core::CatalogVariant;

void require_known(const char* what, const std::string& word,
                   std::span<const std::string_view> known) {
  if (word.empty() || std::find(known.begin(), known.end(), word) != known.end()) return;
  throw Error(ErrorCode::kBadRequest, "unknown " + std::string(what) + " '" + word + "'",
              std::string(what) + " is one of " + join({known.begin(), known.end()}, ", "));
}

/// The engines for which a model is installed.
using Installed = std::map<const CatalogModel*, std::set<std::string>>;

Installed find_installed(const Catalog& catalog, const core::Store& store) {
  Installed out;
  for (const auto& stored : store.list()) {
    const auto match = catalog.find(stored.name.display());
    if (match.model != nullptr) out[match.model].insert(stored.engine);
  }
  return out;
}

std::set<const CatalogModel*> find_loaded(const Catalog& catalog, const core::Runtime& runtime) {
  std::set<const CatalogModel*> out;
  for (const auto& resident : runtime.residents()) {
    if (!resident.loading) out.insert(catalog.find(resident.name).model);
  }
  return out;
}

bool is_wanted(const CatalogModel& model, const CatalogQuery& query) {
  const bool has_engine =
      query.engine.empty() ||
      std::any_of(model.variants.begin(), model.variants.end(),
                  [&](const CatalogVariant& variant) { return variant.engine == query.engine; });
  return has_engine && (query.task.empty() || query.task == model.task);
}

Offer make_offer(const CatalogModel& model, const core::Machine& machine,
                 const std::set<std::string>& installed) {
  Offer out;
  const CatalogVariant& chosen = core::choose_variant(model, machine);
  for (const auto& variant : model.variants) {
    const bool works =
        std::any_of(machine.engines.begin(), machine.engines.end(),
                    [&](const auto& engine) { return engine.name == variant.engine; });
    out.variants.push_back(
        {variant, works, installed.count(variant.engine) > 0, &variant == &chosen});
  }
  out.size = chosen.size();
  out.installed = !installed.empty();
  out.model = model;
  out.model.variants.clear();
  return out;
}

/// Those that the program knows, and what the catalogue's files name besides.
std::vector<std::string_view> engines_of(const Catalog& catalog) {
  std::set<std::string_view> names;  // into the catalogue and the table
  for (const auto& engine : inference::known_engines()) names.insert(engine.name);
  for (const auto& model : catalog.models()) {
    for (const auto& variant : model.variants) names.insert(variant.engine);
  }
  return {names.begin(), names.end()};
}

}  // namespace

CatalogList CatalogService::list(const CatalogQuery& query) const {
  require_known("task", query.task, core::catalog_tasks());
  const Catalog catalog = core::load_catalog(folders_);
  require_known("engine", query.engine, engines_of(catalog));
  const auto machine = models_.placement().machine(catalog);
  auto installed = find_installed(catalog, models_.store());
  const auto loaded = find_loaded(catalog, models_.runtime());
  CatalogList out;
  out.problems = catalog.problems();
  for (const auto& model : catalog.models()) {
    if (!is_wanted(model, query)) continue;
    out.offers.push_back(make_offer(model, machine, installed[&model]));
    out.offers.back().loaded = loaded.count(&model) > 0;
  }
  return out;
}

}  // namespace hailstone::catalog
