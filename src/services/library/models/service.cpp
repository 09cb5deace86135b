// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/models/service.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/strings.hpp"
#include "core/catalog/placement.hpp"
#include "services/common/ollama_wire.hpp"

namespace hailstone::models {
namespace {

bool stays_longer(const RunningModel& a, const RunningModel& b) noexcept {
  const auto end = [](const RunningModel& model) {
    return model.resident.expires.value_or(WallTime::max());
  };
  if (end(a) != end(b)) return end(a) > end(b);
  return a.resident.name < b.resident.name;
}

std::string read_text(const core::StoredModel& stored, std::string_view kind) {
  const core::Layer* layer = stored.find_layer(kind);
  return layer == nullptr ? std::string() : core::read_layer(*layer);
}

std::string read_license(const core::StoredModel& stored) {
  std::vector<std::string> texts;
  for (const auto* layer : stored.find_layers("license")) texts.push_back(core::read_layer(*layer));
  return join(texts, "\n");
}

/// What makes the prompts: the store's template, the file's Jinja, or neither.
std::string template_of(const ShownModel& shown) {
  if (!shown.stored_template.empty() || !shown.facts) return shown.stored_template;
  if (shown.facts->needs_template) return std::string(templates::kDefaultTemplate);
  return shown.facts->chat_template;
}

/// Whether a name stands for that model: as its own, or as the plain one of its variant.
bool means(const core::ModelName& wanted, const std::string& model, const core::Runtime& runtime) {
  const auto name = core::find_model_name(model);
  if (!name) return false;
  if (core::same_name(wanted, *name)) return true;
  const auto engines = runtime.engines();
  return std::any_of(engines.begin(), engines.end(), [&](const auto* engine) {
    return core::same_name(core::variant_name(wanted, engine->name()), *name);
  });
}

}  // namespace

std::vector<ListedModel> ModelsService::list() {
  std::set<std::string> loaded;
  for (const auto& resident : models_.runtime().residents()) {
    if (!resident.loading) loaded.insert(resident.name);
  }
  std::map<std::string, core::Fault> faults;
  for (auto& fault : models_.runtime().faults()) faults.emplace(fault.name, fault);
  std::vector<ListedModel> out;
  for (auto& stored : models_.store().list()) {
    ListedModel listed;
    listed.facts = models_.find_facts(stored);
    const std::string name = stored.name.display();
    listed.loaded = loaded.count(name) > 0;
    if (const auto fault = faults.find(name); fault != faults.end()) listed.fault = fault->second;
    listed.stored = std::move(stored);
    out.push_back(std::move(listed));
  }
  return out;
}

ListedModel ModelsService::find(const std::string& name) {
  ListedModel out;
  auto exact = models_.store().find(core::parse_model_name(name));
  out.stored = exact ? *std::move(exact) : models_.placement().require(name);
  out.facts = models_.find_facts(out.stored);
  return out;
}

RunningModels ModelsService::running() {
  RunningModels out;
  for (auto& resident : models_.runtime().residents()) {
    if (resident.loading) continue;
    RunningModel running;
    if (const auto name = core::find_model_name(resident.name)) {
      running.stored = models_.store().find(*name);
    }
    if (running.stored) running.facts = models_.find_facts(*running.stored);
    running.resident = std::move(resident);
    out.models.push_back(std::move(running));
  }
  std::sort(out.models.begin(), out.models.end(), stays_longer);
  out.memory = models_.runtime().memory();
  out.faults = models_.runtime().faults();
  return out;
}

ShownModel ModelsService::show(const ShowTask& task) {
  ShownModel shown;
  // What has that very name; a plain name may also stand for its variants.
  auto exact = models_.store().find(core::parse_model_name(task.model));
  shown.stored = exact ? std::move(*exact) : models_.placement().require(task.model);
  shown.facts =
      task.verbose
          ? std::make_shared<const inference::ModelFacts>(models_.read_full_facts(shown.stored))
          : models_.find_facts(shown.stored);
  shown.projector = models_.find_projector_facts(shown.stored);
  shown.license = read_license(shown.stored);
  shown.system = task.system ? *task.system : read_text(shown.stored, "system");
  shown.stored_template =
      task.template_text ? *task.template_text : services::read_template(shown.stored);
  shown.template_text = template_of(shown);
  shown.params = read_text(shown.stored, "params");
  if (const auto messages = read_text(shown.stored, "messages"); !messages.empty()) {
    shown.messages = services::parse_messages_layer(messages, shown.stored.name.display());
  }
  return shown;
}

UnloadReport ModelsService::unload(const UnloadTask& task) {
  auto& runtime = models_.runtime();
  // As it was loaded, which may be written otherwise, and may be deleted by now.
  std::optional<core::ModelName> wanted;
  if (task.model) wanted = core::parse_model_name(*task.model);
  const auto is_meant = [&](const std::string& name) {
    return !wanted || means(*wanted, name, runtime);
  };
  UnloadReport report;
  for (const auto& resident : runtime.residents()) {
    if (is_meant(resident.name) && runtime.unload(resident.name)) {
      report.unloaded.push_back(resident.name);
    }
  }
  for (const auto& fault : runtime.faults()) {
    if (is_meant(fault.name) && runtime.clear_fault(fault.name)) {
      report.cleared.push_back(fault.name);
    }
  }
  const bool is_nothing = report.unloaded.empty() && report.cleared.empty();
  if (task.model && is_nothing) models_.placement().require(*task.model);
  return report;
}

core::LoadForecast ModelsService::plan(const PlanTask& task) {
  return models_.forecast(models_.choose(task.model, task.options));
}

}  // namespace hailstone::models
