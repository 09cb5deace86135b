// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine runtime: the private tree with the libraries and programs of a newer Debian that
// tools/engine-runtime makes. What lies in it, or needs its libraries, is started through its own
// loader, so that nothing on the host changes.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hailstone::os {

struct EngineRuntime {
  std::filesystem::path root;
  std::filesystem::path loader;     ///< of the tree
  std::filesystem::path libraries;  ///< its folder of libraries

  /// The beginning of a command line: the loader, its library path, and the program.
  /// What starts so needs to read the whole tree: Cage::read.
  std::vector<std::string> command(const std::filesystem::path& program) const;
};

/// Nothing where the tree is not there or only half made.
std::optional<EngineRuntime> find_engine_runtime(const std::filesystem::path& root);

}  // namespace hailstone::os
