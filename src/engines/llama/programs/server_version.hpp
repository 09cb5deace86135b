// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which version of llama.cpp a llama-server is, as it says itself.

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "engines/llama/programs/runtime_tree.hpp"

namespace hailstone::engines::llama {

/// "version: 0.7.0 (build 11669, commit Debian)" -> "0.7.0"; empty for any other line. Pure.
std::string_view version_in(std::string_view line) noexcept;

/// Thread-safe. Asks a program once, and again when its file is another one.
class ServerVersion {
 public:
  /// Blocks for some milliseconds where the program has to be asked. Empty where it does not say.
  std::string of(const ServerCommand& command);

 private:
  std::mutex mutex_;
  std::string program_;  ///< guarded by mutex_, as the next two
  std::filesystem::file_time_type changed_{};
  std::string version_;
};

}  // namespace hailstone::engines::llama
