// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bodies and results that are too large for a row of the database: files in a folder beside it.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "os/unique_fd.hpp"

namespace hailstone::core {

/// A file that is being written, piece by piece; without finish() there is none. One thread.
class PayloadWriter {
 public:
  PayloadWriter(std::filesystem::path folder, std::string name);
  ~PayloadWriter();
  PayloadWriter(const PayloadWriter&) = delete;
  PayloadWriter& operator=(const PayloadWriter&) = delete;

  void append(std::string_view bytes);
  /// Durable when it returns, under its name.
  void finish();
  std::uint64_t size() const noexcept { return size_; }

 private:
  std::filesystem::path unfinished() const;

  const std::filesystem::path folder_;
  const std::string name_;
  os::UniqueFd fd_;
  std::uint64_t size_ = 0;
};

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
  /// To read piece by piece. Throws as read() does.
  std::ifstream open(const std::string& name) const;
  /// Whether there is one or not.
  void remove(const std::string& name) const noexcept;

  /// Removes what nobody needs any more: left over where the power went between a file and its row.
  void remove_all_but(const std::function<bool(const std::string& name)>& is_needed) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace hailstone::core
