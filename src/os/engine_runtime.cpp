// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/engine_runtime.hpp"

#include <unistd.h>

namespace hailstone::os {
namespace {

namespace fs = std::filesystem;

#if defined(__aarch64__)
constexpr const char* kTriplet = "aarch64-linux-gnu";
constexpr const char* kLoader = "usr/lib/ld-linux-aarch64.so.1";
#else
constexpr const char* kTriplet = "x86_64-linux-gnu";
constexpr const char* kLoader = "usr/lib64/ld-linux-x86-64.so.2";
#endif

}  // namespace

std::vector<std::string> EngineRuntime::command(const fs::path& program) const {
  const std::string path = libraries.native() + ":" + (libraries / "llama").native() + ":" +
                           (libraries / "ggml").native();
  return {loader, "--library-path", path, program};
}

std::optional<EngineRuntime> find_engine_runtime(const fs::path& root) {
  std::error_code ignored;
  EngineRuntime tree{root, root / kLoader, root / "usr/lib" / kTriplet};
  // The seal is written last: without it the tree is half made.
  if (!fs::exists(root / "COMPLETE", ignored)) return std::nullopt;
  if (::access(tree.loader.c_str(), X_OK) != 0) return std::nullopt;
  return tree;
}

}  // namespace hailstone::os
