// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/tasks/task_models.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/catalog.hpp"
#include "http/pipeline/error_reply.hpp"
#include "services/common/tasks/advice.hpp"

namespace hailstone::services {

bool is_starter(const core::StoredModel& model) {
  return model.name.display().starts_with("starter-");
}

ChosenModel TaskModels::choose(Tasks tasks, std::string_view name) const {
  ChosenModel chosen;
  try {
    chosen = models_.choose(name.empty() ? default_name(tasks) : std::string(name), {});
  } catch (const Error& error) {
    const std::string others = show(tasks);
    if (error.code() != ErrorCode::kNotFound || others.empty()) throw;
    throw Error(ErrorCode::kNotFound, error.what(), others);
  }
  const std::string& task = chosen.stored.task;
  if (std::find(tasks.begin(), tasks.end(), task) == tasks.end()) {
    throw Error(ErrorCode::kBadRequest,
                "model '" + chosen.name + "' is for " + (task.empty() ? "something else" : task) +
                    ", not for " + std::string(tasks.front()),
                show(tasks));
  }
  return chosen;
}

std::vector<core::StoredModel> TaskModels::installed(Tasks tasks) const {
  std::vector<core::StoredModel> found;
  const auto all = models_.store().list();
  for (const auto task : tasks) {
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
                 [task](const auto& model) { return model.task == task; });
  }
  return found;
}

std::string TaskModels::default_name(Tasks tasks) const {
  for (const auto& task : tasks) {
    const auto models = installed(Tasks(&task, 1));
    if (models.empty()) continue;
    const auto best = std::find_if_not(models.begin(), models.end(), is_starter);
    return (best == models.end() ? models.front() : *best).name.display();
  }
  refuse_missing(tasks.front());
}

std::string TaskModels::show(Tasks tasks) const {
  std::vector<std::string> names;
  for (const auto& model : installed(tasks)) names.push_back(model.name.display());
  if (names.empty()) return {};
  return "models for " + std::string(tasks.front()) + ": " + join(names, ", ");
}

void TaskModels::refuse_missing(std::string_view task) const {
  const core::Catalog catalog = core::load_catalog(catalog_folders_);
  throw http::StatusError(503, "no model for " + std::string(task) + " is installed",
                          advise_model(catalog, task, {}, models_.runtime()));
}

}  // namespace hailstone::services
