// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a name that a user gives to what has to be fetched. Pure.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/catalog/catalog.hpp"
#include "core/store/model_name.hpp"

namespace hailstone::core {

/// An engine that works on this machine.
struct UsableEngine {
  std::string name;
  std::string version;  ///< of its runtime: "5.1.1"; empty: not known
};

/// Files of the catalogue, to be stored under that name. Pointers into the catalogue.
struct FilesTarget {
  ModelName name;
  const CatalogModel* model = nullptr;
  const CatalogVariant* variant = nullptr;
};

/// A model of a registry that speaks Ollama's protocol (registry.ollama.ai, hf.co, ...).
struct RegistryTarget {
  ModelName remote;  ///< what to ask for, and whom
  ModelName name;    ///< what to store it under
};

using PullTarget = std::variant<FilesTarget, RegistryTarget>;

/// The variant to take on a machine where these engines work. The accelerator for vision and
/// speech, the processor for language; of several for one engine the newest that its runtime can
/// load, the oldest where the runtime's version is not known. Where none works here, the one for
/// the processor: fetching is not running. The model must have a variant.
const CatalogVariant& choose_variant(const CatalogModel& model,
                                     const std::vector<UsableEngine>& usable);

/// What to take where somebody names only a task: the default that works here, else any of the
/// task's defaults; null where there is none.
const CatalogModel* find_default(const Catalog& catalog, std::string_view task,
                                 const std::vector<UsableEngine>& usable);

/// The catalogue first, then the registry that the name itself stands for. An explicit variant
/// ("yolox-nano:onnx") is taken whether it works here or not. Throws Error(kBadRequest, "invalid
/// model name").
PullTarget resolve_pull(const Catalog& catalog, std::string_view name,
                        const std::vector<UsableEngine>& usable);

}  // namespace hailstone::core
