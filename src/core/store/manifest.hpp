// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading a manifest and its config blob: bytes to values. Pure; everything in them is untrusted.

#include <filesystem>
#include <string_view>

#include "core/store/store.hpp"

namespace hailstone::core {

struct ParsedManifest {
  StoredModel model;             ///< digest, size and layers; the name is not in a manifest
  std::filesystem::path config;  ///< the config blob; empty if the manifest names none
};

/// Throws Error(kBadRequest) naming what is wrong: not JSON, no layers, a digest that is none, a
/// negative size.
ParsedManifest parse_manifest(std::string_view bytes, const std::filesystem::path& root);

/// Adds what a config blob says. A config that is not JSON or has other types where we look says
/// nothing: Ollama's own clients are as lenient.
void apply_config(std::string_view bytes, StoredModel& model);

}  // namespace hailstone::core
