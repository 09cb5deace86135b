// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where tests find the engine runtime: as tools/engine-runtime does.

#include "engines/llama/engine.hpp"
#include "support/engine_runtime_dir.hpp"

namespace hailstone::engines::llama::testing {

inline LlamaOptions real_server() {
  LlamaOptions options;
  options.threads = 1;
  options.runtime_dirs.push_back(test_support::engine_runtime_dir());
  return options;
}

}  // namespace hailstone::engines::llama::testing
