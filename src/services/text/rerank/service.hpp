// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Takes a lease on a model that ranks, makes the documents fit, and puts them in order.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/run_context.hpp"
#include "services/common/model_access.hpp"
#include "services/text/rerank/task.hpp"

namespace hailstone::rerank {

/// Thread-safe.
class RerankService {
 public:
  /// catalog_folders: where to look what could be installed.
  RerankService(services::ModelAccess& models, std::vector<std::filesystem::path> catalog_folders)
      : models_(models), catalog_folders_(std::move(catalog_folders)) {}

  /// Blocks. Throws kBadRequest (a model that does not rank; what does not fit and must not be
  /// cut), kNotFound, http::StatusError 503 with the command that installs a model where there is
  /// none, and what ModelAccess::acquire and TextSession::rank throw.
  Result rank(const Task& task, const RunContext& run);

 private:
  services::ChosenModel choose(const std::string& name);
  std::string find_installed();

  services::ModelAccess& models_;
  const std::vector<std::filesystem::path> catalog_folders_;
};

}  // namespace hailstone::rerank
