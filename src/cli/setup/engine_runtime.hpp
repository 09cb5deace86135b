// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `hailstone setup`: makes the engine runtime, in which llama.cpp, ONNX Runtime and whisper.cpp
// are, by the tool that came with this program.

#include <filesystem>
#include <optional>

#include "core/config/settings.hpp"

namespace hailstone::cli {

struct SetupRequest {
  std::string folder;  ///< empty: where the service looks for it
  bool renew = false;  ///< even if it is there
  bool check = false;  ///< only look whether it is whole
};

/// Where the service that this user means looks for its engine runtime: root means the one of the
/// machine, anybody else his own.
std::filesystem::path engine_runtime_folder(const core::Settings& settings,
                                            const core::Environment& environment, bool is_root);

/// Becomes the tool: does not return, and the exit status is the tool's. Throws Error(kNotFound)
/// where the tool is missing.
[[noreturn]] void make_engine_runtime(const SetupRequest& request,
                                      const std::filesystem::path& folder);

}  // namespace hailstone::cli
