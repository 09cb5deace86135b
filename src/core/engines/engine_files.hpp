// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Engines that a file describes (engines.d/*.toml; docs/host-protocol.md): added without building.

#include <filesystem>
#include <string_view>
#include <vector>

#include "inference/engines/engine_descriptor.hpp"

namespace hailstone::core {

/// folder: relative programs are in it. Throws Error(kBadRequest) that names the file, the line and
/// the field.
inference::EngineDescriptor parse_engine_file(std::string_view text,
                                              const std::filesystem::path& file);

/// All of the folders' files by name; of several for one engine that of the last folder counts. A
/// folder may be missing. A bad file is logged with what is wrong, and left out.
std::vector<inference::EngineDescriptor> read_engine_files(
    const std::vector<std::filesystem::path>& folders);

}  // namespace hailstone::core
