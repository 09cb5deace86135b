// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which HailoRT this machine has, and the adapter that speaks to it.

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engines/hailo/chip/chip.hpp"

namespace hailstone::engines::hailo {

struct LibraryOptions {
  /// libhailort.so, with its version or without; empty: where distributions put it.
  std::filesystem::path library;
  /// Where adapters are: hailstone-hailort-5.2.0.so.
  std::vector<std::filesystem::path> adapters;
  std::vector<std::filesystem::path> search = {
      "/usr/lib/aarch64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib", "/usr/local/lib"};
};

/// Both as "5.2.0". Of adapters the one for the version itself, else for another one of its minor:
/// only between minors has the interface changed. Nothing: none fits. Pure.
std::optional<std::string> choose_adapter(const std::vector<std::string>& adapters,
                                          const std::string& library);

/// The parts of "5.2.0"; nothing where it is no version. Pure.
std::optional<std::vector<int>> parse_version(const std::string& text);

/// Opens nothing before it is asked. Thread-safe.
class Library {
 public:
  explicit Library(LibraryOptions options) : options_(std::move(options)) {}

  struct State {
    HailoRt* runtime = nullptr;  ///< null: reason says why
    std::string version{};       ///< of the library
    bool is_standin = false;
    std::string reason{};  ///< for people, with what would help
  };
  /// Once opened it stays so; what could not be opened is tried again.
  State open();

 private:
  State open_now() const;
  State open_adapter(void* library, State state) const;
  std::optional<std::filesystem::path> find_library() const;
  std::vector<std::string> adapter_versions() const;

  const LibraryOptions options_;
  std::mutex mutex_;
  State state_;  // guarded by mutex_
};

}  // namespace hailstone::engines::hailo
