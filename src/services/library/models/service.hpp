// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers about models, from the store, the runtime and the engines' descriptions. Never waits for
// a model to load or to finish.

#include <string>
#include <vector>

#include "base/lane.hpp"
#include "services/common/model_access.hpp"
#include "services/library/models/task.hpp"

namespace hailstone::models {

/// Thread-safe.
class ModelsService {
 public:
  explicit ModelsService(services::ModelAccess& models) noexcept : models_(models) {}

  /// Newest first.
  std::vector<ListedModel> list();

  /// One of them. Throws as ModelPlacement::require does.
  ListedModel find(const std::string& name);

  /// Those that are ready; which stays longest comes first.
  RunningModels running();

  /// How much work waits and runs.
  QueueFigures queue() const { return models_.runtime().queue(); }

  /// Throws kNotFound, kBadRequest (an illegal name); where verbose is asked for, also what
  /// Engine::describe throws.
  ShownModel show(const ShowTask& task);

  /// Also clears faults: an operator who unloads a model that cannot be loaded wants it tried
  /// again. Throws kNotFound for a model that is neither loaded nor stored.
  UnloadReport unload(const UnloadTask& task);

  /// Asks the engine what the model needs. Throws as ModelAccess::choose and Runtime::forecast do.
  core::LoadForecast plan(const PlanTask& task);

 private:
  services::ModelAccess& models_;
};

}  // namespace hailstone::models
