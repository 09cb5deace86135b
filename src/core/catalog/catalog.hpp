// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The models that can be had: what the program brings along, and what its user adds.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalog/catalog_model.hpp"

namespace hailstone::core {

/// What a name means.
struct CatalogMatch {
  const CatalogModel* model = nullptr;  ///< in the catalogue; null: not there
  std::optional<std::string> engine;    ///< of the variant, where the name says it
};

/// A value.
class Catalog {
 public:
  Catalog() = default;
  /// Of several of one name the first counts.
  explicit Catalog(std::vector<CatalogModel> models, std::vector<std::string> problems = {});

  /// Sorted by task, then by name.
  const std::vector<CatalogModel>& models() const noexcept { return models_; }

  /// "yolox-nano", "yolox-nano:latest" and "qwen2.5:1.5b" are models; "yolox-nano:onnx" and
  /// "qwen2.5:1.5b-hailo" also say the engine. Case does not matter.
  CatalogMatch find(std::string_view name) const;

  /// What could not be read, for people: "FILE:LINE: ...".
  const std::vector<std::string>& problems() const noexcept { return problems_; }

 private:
  const CatalogModel* find_exact(const std::string& name) const;

  std::vector<CatalogModel> models_;
  std::map<std::string, std::size_t> by_name_;  ///< lower case
  std::vector<std::string> problems_;
};

/// Reads every *.toml of the folders; a model of an earlier folder replaces those of its name in
/// later ones. Folders that do not exist are empty. A file that is broken is left out and becomes a
/// problem: a slip in a user's file must not take the rest away. Some milliseconds; so it is read
/// when somebody asks, and a user's change needs no restart.
Catalog load_catalog(const std::vector<std::filesystem::path>& folders);

/// The names in a label set, in the order of the network's classes: the first labels/SET.txt of the
/// folders, one name a line. Throws Error(kNotFound) for a set that is not there.
std::vector<std::string> read_labels(const std::vector<std::filesystem::path>& folders,
                                     const std::string& set);

}  // namespace hailstone::core
