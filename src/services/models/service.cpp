// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/models/service.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/strings.hpp"
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

}  // namespace

std::vector<ListedModel> ModelsService::list() {
  std::set<std::string> loaded;
  for (const auto& resident : models_.runtime().residents()) {
    if (!resident.loading) loaded.insert(resident.name);
  }
  std::vector<ListedModel> out;
  for (auto& stored : models_.store().list()) {
    ListedModel listed;
    listed.facts = models_.find_facts(stored);
    listed.loaded = loaded.count(stored.name.display()) > 0;
    listed.stored = std::move(stored);
    out.push_back(std::move(listed));
  }
  return out;
}

std::vector<RunningModel> ModelsService::running() {
  std::vector<RunningModel> out;
  for (auto& resident : models_.runtime().residents()) {
    if (resident.loading) continue;
    RunningModel running;
    if (const auto name = core::find_model_name(resident.name)) {
      running.stored = models_.store().find(*name);
    }
    if (running.stored) running.facts = models_.find_facts(*running.stored);
    running.resident = std::move(resident);
    out.push_back(std::move(running));
  }
  std::sort(out.begin(), out.end(), stays_longer);
  return out;
}

ShownModel ModelsService::show(const ShowTask& task) {
  ShownModel shown;
  shown.stored = models_.store().require(task.model);
  shown.facts =
      task.verbose
          ? std::make_shared<const inference::ModelFacts>(models_.read_full_facts(shown.stored))
          : models_.find_facts(shown.stored);
  shown.projector = models_.find_projector_facts(shown.stored);
  shown.license = read_license(shown.stored);
  shown.system = task.system ? *task.system : read_text(shown.stored, "system");
  shown.template_text =
      task.template_text ? *task.template_text : read_text(shown.stored, "template");
  if (shown.template_text.empty() && shown.facts) shown.template_text = shown.facts->chat_template;
  shown.params = read_text(shown.stored, "params");
  if (const auto messages = read_text(shown.stored, "messages"); !messages.empty()) {
    shown.messages = services::parse_messages_layer(messages, shown.stored.name.display());
  }
  return shown;
}

std::vector<std::string> ModelsService::unload(const UnloadTask& task) {
  auto& runtime = models_.runtime();
  std::vector<std::string> gone;
  if (!task.model) {
    for (const auto& resident : runtime.residents()) {
      if (runtime.unload(resident.name)) gone.push_back(resident.name);
    }
    return gone;
  }
  // As it was loaded, which may be written otherwise, and may be deleted by now.
  const auto name = core::parse_model_name(*task.model);
  for (const auto& resident : runtime.residents()) {
    const auto other = core::find_model_name(resident.name);
    if (other && core::same_name(name, *other) && runtime.unload(resident.name)) {
      gone.push_back(resident.name);
    }
  }
  if (gone.empty()) models_.store().require(*task.model);
  return gone;
}

}  // namespace hailstone::models
