// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The configuration file: TOML, flat, one key per setting.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hailstone::core {

/// The texts of a setting and where they stand.
struct Given {
  std::vector<std::string> texts;
  std::string source;
};

/// By the setting's name. Throws Error(kBadRequest) with file and line: not readable, not TOML, an
/// unknown key (with the nearest known one), a table where a value belongs.
std::map<std::string, Given> read_config_file(const std::filesystem::path& file);

}  // namespace hailstone::core
