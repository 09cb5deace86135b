// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which models can be had, and which of them are here already. Never waits for a model.

#include <filesystem>
#include <vector>

#include "services/common/model_access.hpp"
#include "services/library/catalog/task.hpp"

namespace hailstone::catalog {

/// Thread-safe.
class CatalogService {
 public:
  /// folders: see core::load_catalog.
  CatalogService(std::vector<std::filesystem::path> folders, const services::ModelAccess& models)
      : folders_(std::move(folders)), models_(models) {}

  /// Reads the files anew. Throws kBadRequest for a task or an engine that the catalogue does not
  /// know.
  CatalogList list(const CatalogQuery& query) const;

 private:
  const std::vector<std::filesystem::path> folders_;
  const services::ModelAccess& models_;
};

}  // namespace hailstone::catalog
