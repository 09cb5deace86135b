// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The config blob of a model that was installed from the catalogue: what the store and the services
// know of it afterwards. Pure.

#include <string>

#include "core/catalog/catalog_model.hpp"

namespace hailstone::core {

/// JSON as core/store/manifest.hpp's apply_config reads it: Ollama's fields, and under "hailstone"
/// task, engine, runtime, decoder, labels, licence, footprint and the engine's settings, of which
/// "input" says how a picture becomes the network's input, "input.KIND" that of a further one. The
/// same for the same variant, byte for byte.
std::string make_config_blob(const CatalogModel& model, const CatalogVariant& variant);

}  // namespace hailstone::core
