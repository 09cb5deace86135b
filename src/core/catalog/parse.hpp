// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A catalogue file: TOML to values. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "core/catalog/catalog_model.hpp"

namespace hailstone::core {

/// file: its name, for messages. Throws Error(kBadRequest) that names the file, the line and the
/// field: broken TOML, an unknown field, an unknown word, a missing name, task or licence, a name
/// twice, an address that is not https (http only with a digest).
std::vector<CatalogModel> parse_catalog(std::string_view toml, const std::string& file);

}  // namespace hailstone::core
