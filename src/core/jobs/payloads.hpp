// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bodies and results that are too large for a row of the database: files in a folder beside it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace hailstone::core {

/// Thread-safe. Everything throws Error(kEngineFailed) that says what the disk says; a full one is
/// kOutOfMemory.
class Payloads {
 public:
  /// Makes the folder, for its owner alone, at the first write.
  explicit Payloads(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// name is a plain file name. Durable when it returns: written, synced, renamed; what was there
  /// of that name is replaced.
  void write(const std::string& name, std::string_view bytes) const;
  /// Throws kNotFound where there is none.
  std::string read(const std::string& name) const;
  /// Whether there is one or not.
  void remove(const std::string& name) const noexcept;

  /// Removes what nobody needs any more: left over where the power went between a file and its row.
  void remove_all_but(const std::function<bool(const std::string& name)>& is_needed) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace hailstone::core
