// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which models can be had, and which of them are here already. Never waits for a model.

#include <filesystem>
#include <vector>

#include "core/runtime/runtime.hpp"
#include "core/store/store.hpp"
#include "services/catalog/task.hpp"

namespace hailstone::catalog {

/// Thread-safe.
class CatalogService {
 public:
  /// folders: see core::load_catalog.
  CatalogService(std::vector<std::filesystem::path> folders, core::Store& store,
                 core::Runtime& runtime)
      : folders_(std::move(folders)), store_(store), runtime_(runtime) {}

  /// Reads the files anew. Throws kBadRequest for a task or an engine that the catalogue does not
  /// know.
  CatalogList list(const CatalogQuery& query) const;

 private:
  const std::vector<std::filesystem::path> folders_;
  core::Store& store_;
  core::Runtime& runtime_;
};

}  // namespace hailstone::catalog
