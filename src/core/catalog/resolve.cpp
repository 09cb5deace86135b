// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/resolve.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

#include "base/strings.hpp"

namespace hailstone::core {
namespace {

constexpr std::string_view kAccelerator = "hailo";

/// For these the processor is the better place until something else is measured: an accelerator
/// holds only one such model at a time, with a short context.
bool prefers_processor(std::string_view task) noexcept {
  return task == "chat" || task == "embed";
}

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

/// The greater, the better the variant fits; see choose_variant.
auto merit(const CatalogModel& model, const CatalogVariant& variant,
           const std::vector<UsableEngine>& usable) {
  const auto* engine = find_engine(usable, variant.engine);
  const bool is_known = engine != nullptr && !engine->version.empty();
  auto runtime = version_parts(variant.runtime);
  const bool loads = engine != nullptr && (!is_known || runtime <= version_parts(engine->version));
  const bool wants_processor = !loads || prefers_processor(model.task);
  const bool is_preferred = (variant.engine == kAccelerator) != wants_processor;
  if (!is_known) {
    for (int& part : runtime) part = -part;  // the oldest is what most runtimes load
  }
  return std::make_tuple(loads, is_preferred, runtime);
}

/// Of the variants for that engine, or of all.
const CatalogVariant& best_variant(const CatalogModel& model,
                                   const std::vector<UsableEngine>& usable,
                                   std::optional<std::string_view> engine) {
  const CatalogVariant* best = nullptr;
  for (const auto& variant : model.variants) {
    if (engine && variant.engine != *engine) continue;
    if (best == nullptr || merit(model, *best, usable) < merit(model, variant, usable)) {
      best = &variant;
    }
  }
  return *best;
}

}  // namespace

const CatalogVariant& choose_variant(const CatalogModel& model,
                                     const std::vector<UsableEngine>& usable) {
  return best_variant(model, usable, std::nullopt);
}

const CatalogModel* find_default(const Catalog& catalog, std::string_view task,
                                 const std::vector<UsableEngine>& usable) {
  const CatalogModel* best = nullptr;
  for (const auto& model : catalog.models()) {
    if (!model.is_default || model.task != task) continue;
    const auto rank = [&](const CatalogModel& candidate) {
      return merit(candidate, choose_variant(candidate, usable), usable);
    };
    if (best == nullptr || rank(*best) < rank(model)) best = &model;
  }
  return best;
}

PullTarget resolve_pull(const Catalog& catalog, std::string_view name,
                        const std::vector<UsableEngine>& usable) {
  const ModelName parsed = parse_model_name(name);
  // Who writes the host means that registry.
  const bool names_host = std::count(name.begin(), name.end(), '/') >= 2;
  const auto match = names_host ? CatalogMatch() : catalog.find(parsed.display());
  if (match.model == nullptr) return RegistryTarget{parsed, parsed};
  const CatalogVariant& variant = best_variant(*match.model, usable, match.engine);
  if (!variant.registry.empty()) {
    return RegistryTarget{parse_model_name(variant.registry), parsed};
  }
  return FilesTarget{parsed, match.model, &variant};
}

}  // namespace hailstone::core
