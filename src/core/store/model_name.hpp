// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The name of a model: [host[:port]/][namespace/]model[:tag], as in Ollama.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hailstone::core {

/// A value whose parts all obey the grammar: safe to build a path from.
struct ModelName {
  std::string host = "registry.ollama.ai";
  std::string ns = "library";
  std::string model;
  std::string tag = "latest";

  /// As people write it: default parts left out, the tag always there ("mistral:latest").
  std::string display() const;
};

/// Case does not matter when names are compared.
bool same_name(const ModelName& a, const ModelName& b) noexcept;

/// Nothing for a text that is not a name (see the grammar in docs/api/models.md).
std::optional<ModelName> find_model_name(std::string_view text);

/// The one function that turns a name into a path: manifests/<host>/<namespace>/<model>/<tag>.
std::filesystem::path manifest_path(const std::filesystem::path& root, const ModelName& name);

std::filesystem::path manifests_folder(const std::filesystem::path& root);

/// Throws Error(kBadRequest, "invalid model name").
ModelName parse_model_name(std::string_view text);

}  // namespace hailstone::core
