// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine as the daemon has it: in a host that starts through the engine runtime's loader, or
// natively where there is none.

#include <memory>
#include <optional>
#include <string>

#include "hosting/hosted_engine.hpp"
#include "os/engine_runtime.hpp"
#include "support/engine_runtime_dir.hpp"

namespace hailstone::engines::onnx::testing {

inline std::optional<os::EngineRuntime> find_runtime() {
  return os::find_engine_runtime(test_support::engine_runtime_dir());
}

inline hosting::HostCommand host_command() {
  const auto runtime = find_runtime();
  hosting::HostCommand command;
  command.argv = {HAILSTONE_HOST_ONNX};
  if (runtime) {
    command.argv = runtime->command(HAILSTONE_HOST_ONNX);
    command.cage.read = {runtime->root};
  }
  command.environment = hosting::host_environment();
  return command;
}

inline std::unique_ptr<hosting::HostedEngine> make_hosted_onnx() {
  return std::make_unique<hosting::HostedEngine>("onnx", host_command());
}

}  // namespace hailstone::engines::onnx::testing
