// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which stored model answers a task where the request names it, or leaves the choice open.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/common/model_access.hpp"

namespace hailstone::services {

/// The tasks that would do, the preferred one first: "detect"; "face-detect", "face-embed".
using Tasks = std::span<const std::string_view>;

/// A model that comes with the program, and steps back as soon as there is another.
bool is_starter(const core::StoredModel& model);

/// Thread-safe.
class TaskModels {
 public:
  /// catalog_folders: where to look what could be installed.
  TaskModels(ModelAccess& models, std::vector<std::filesystem::path> catalog_folders)
      : models_(models), catalog_folders_(std::move(catalog_folders)) {}

  /// name: a client's, may be empty; then the model of the first task that has any is taken that
  /// was installed last, a starter model only where there is no other. Throws Error(kNotFound) that
  /// names the models of the task, Error(kBadRequest) for one of another task, and
  /// http::StatusError 503 with the command that installs one where there is none at all.
  ChosenModel choose(Tasks tasks, std::string_view name) const;

  /// Newest first.
  std::vector<core::StoredModel> installed(Tasks tasks) const;

  ModelAccess& models() const noexcept { return models_; }
  const std::vector<std::filesystem::path>& catalog_folders() const noexcept {
    return catalog_folders_;
  }

 private:
  std::string default_name(Tasks tasks) const;
  /// "models for detect: a, b"; empty where there is none.
  std::string show(Tasks tasks) const;
  [[noreturn]] void refuse_missing(std::string_view task) const;

  ModelAccess& models_;
  const std::vector<std::filesystem::path> catalog_folders_;
};

}  // namespace hailstone::services
