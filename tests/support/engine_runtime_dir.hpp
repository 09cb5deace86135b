// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace hailstone::test_support {

/// Where tools/engine-runtime makes the tree of this machine, whether it is there or not.
inline std::filesystem::path engine_runtime_dir() {
  if (const char* tree = std::getenv("HAILSTONE_ENGINE_RUNTIME")) return tree;
#if defined(__aarch64__)
  constexpr const char* kArch = "arm64";
#else
  constexpr const char* kArch = "amd64";
#endif
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  const std::string base = data != nullptr ? data : std::string(home ? home : "") + "/.local/share";
  return base + "/hailstone/engine-runtime/" + kArch;
}

}  // namespace hailstone::test_support
