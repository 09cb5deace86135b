// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A manifest and its config blob: bytes to values and back. Pure; everything in them is untrusted.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/store.hpp"

namespace hailstone::core {

/// Digest, size, layers and config layer; the rest is not in a manifest. Layers have their paths in
/// that root, whether there is a file or not. Throws Error(kBadRequest) naming what is wrong: not
/// JSON, no layers, a digest that is none, a negative size.
StoredModel parse_manifest(std::string_view bytes, const std::filesystem::path& root);

/// As a registry and Ollama expect it. The layers' paths do not matter.
std::string make_manifest(const Layer& config, const std::vector<Layer>& layers);

/// Adds what a config blob says. A config that is not JSON or has other types where we look says
/// nothing: Ollama's own clients are as lenient.
void apply_config(std::string_view bytes, StoredModel& model);

}  // namespace hailstone::core
