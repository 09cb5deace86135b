// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a name that a user gives to what has to be fetched. Pure.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/catalog/catalog.hpp"
#include "core/measurements/measurement.hpp"
#include "core/store/model_name.hpp"

namespace hailstone::core {

/// An engine that works on this machine.
struct UsableEngine {
  std::string name;
  std::string version;  ///< of its runtime: "5.1.1"; empty: not known
};

/// How fast the model was measured here on that engine; nothing: it was not.
using FindSpeed =
    std::function<std::optional<Speed>(const CatalogModel& model, const std::string& engine)>;

/// What is known of this machine.
struct Machine {
  /// speed: may be empty.
  Machine(std::vector<UsableEngine> usable, FindSpeed speed = {})
      : engines(std::move(usable)), find_speed(std::move(speed)) {}

  std::vector<UsableEngine> engines;
  FindSpeed find_speed;
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

/// The variant to take on this machine: the faster one where that is measured, else the
/// accelerator for vision and speech, the processor for language (see choose_place); of several for
/// one engine the newest that its runtime can load, the oldest where the runtime's version is not
/// known. Where none works here, the one for the processor. The model must have a variant.
const CatalogVariant& choose_variant(const CatalogModel& model, const Machine& machine);

/// Whether one of its variants runs here: its engine works, and can load the file.
bool works_here(const CatalogModel& model, const Machine& machine);

/// What to take where somebody names only a task: the best default that works here; null where none
/// does.
const CatalogModel* find_default(const Catalog& catalog, std::string_view task,
                                 const Machine& machine);

/// The catalogue first, then the registry that the name itself stands for. An explicit variant
/// ("yolox-nano:onnx") is taken whether it works here or not. Throws Error(kBadRequest, "invalid
/// model name"), and kUnsupported for a plain name all of whose variants are for accelerators that
/// are not here: a file for the processor is one package away from use, that one is a board away.
PullTarget resolve_pull(const Catalog& catalog, std::string_view name, const Machine& machine);

}  // namespace hailstone::core
