// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where tests find the engine runtime: as tools/engine-runtime does.

#include <cstdlib>
#include <string>

#include "engines/llama/engine.hpp"

namespace hailstone::engines::llama::testing {

inline LlamaOptions real_server() {
  LlamaOptions options;
  options.threads = 1;
  if (const char* tree = std::getenv("HAILSTONE_ENGINE_RUNTIME")) {
    options.runtime_dirs.emplace_back(tree);
    return options;
  }
#if defined(__aarch64__)
  constexpr const char* kArch = "arm64";
#else
  constexpr const char* kArch = "amd64";
#endif
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  const std::string base = data != nullptr ? data : std::string(home ? home : "") + "/.local/share";
  options.runtime_dirs.emplace_back(base + "/hailstone/engine-runtime/" + kArch);
  return options;
}

}  // namespace hailstone::engines::llama::testing
