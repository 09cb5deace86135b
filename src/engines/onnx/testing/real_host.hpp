// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine as the daemon has it: in a host that starts through the engine runtime's loader, or
// natively where there is none.

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "hosting/hosted_engine.hpp"
#include "os/engine_runtime.hpp"

namespace hailstone::engines::onnx::testing {

/// Where tools/engine-runtime makes it.
inline std::optional<os::EngineRuntime> find_runtime() {
  if (const char* tree = std::getenv("HAILSTONE_ENGINE_RUNTIME")) {
    return os::find_engine_runtime(tree);
  }
#if defined(__aarch64__)
  constexpr const char* kArch = "arm64";
#else
  constexpr const char* kArch = "amd64";
#endif
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  const std::string base = data != nullptr ? data : std::string(home ? home : "") + "/.local/share";
  return os::find_engine_runtime(base + "/hailstone/engine-runtime/" + kArch);
}

inline hosting::HostCommand host_command() {
  const auto runtime = find_runtime();
  hosting::HostCommand command;
  command.argv = {HAILSTONE_HOST_ONNX};
  if (runtime) command.argv = runtime->command(HAILSTONE_HOST_ONNX);
  command.environment = hosting::host_environment();
  return command;
}

inline std::unique_ptr<hosting::HostedEngine> make_hosted_onnx() {
  return std::make_unique<hosting::HostedEngine>("onnx", host_command());
}

}  // namespace hailstone::engines::onnx::testing
