// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Gets a model by the name that a user gives: a registry's, or files that the catalogue names.

#include <filesystem>
#include <string>
#include <vector>

#include "core/catalog/resolve.hpp"
#include "core/registry/registry.hpp"
#include "core/store/store_writer.hpp"
#include "services/common/model_access.hpp"
#include "services/library/library/assembly/assembly.hpp"
#include "services/library/library/task.hpp"

namespace hailstone::library {

/// One pull. Used by one thread, once. What has been downloaded stays for the next try if it fails.
/// The references outlive it.
class Fetching {
 public:
  Fetching(core::StoreWriter& writer, core::Registry& registry,
           std::vector<std::filesystem::path> catalog_folders, services::ModelAccess& models,
           OnProgress on_progress, const RunContext& run)
      : writer_(writer),
        registry_(registry),
        catalog_folders_(std::move(catalog_folders)),
        models_(models),
        on_progress_(std::move(on_progress)),
        run_(run),
        assembly_(writer) {}

  /// Blocks. Gives the name under which the model is stored now; says everything but "success".
  /// Throws kBadRequest for an illegal name and for a network that does not do here what
  /// its config or the catalogue says, and as Registry, StoreWriter and try_network do.
  core::ModelName fetch(const TransferTask& task);

 private:
  core::ModelName fetch_from(const core::RegistryTarget& target, core::Security security);
  core::ModelName fetch_from(const core::FilesTarget& target);
  std::vector<core::Layer> fetch_files(const core::CatalogVariant& variant);
  void try_out(const core::StoredModel& stored);
  void report(const core::TransferProgress& progress) const;

  core::StoreWriter& writer_;
  core::Registry& registry_;
  const std::vector<std::filesystem::path> catalog_folders_;
  services::ModelAccess& models_;
  const OnProgress on_progress_;
  const RunContext& run_;
  Assembly assembly_;
};

}  // namespace hailstone::library
