// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one way to open a file that somebody else put there: a model's weights, a blob, a labels
// file. What is no regular file is refused before it is opened, because opening a FIFO waits for
// ever and opening a device does something.

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>

#include "os/unique_fd.hpp"

namespace hailstone::os {

/// To read. Throws Error(kNotFound) where there is nothing, kBadRequest for what is no regular file
/// and what may not be read. Links are followed: whose file they may lead to is the store's to say.
UniqueFd open_regular_file(const std::filesystem::path& path);

/// The same as a stream, at its beginning.
std::ifstream open_regular_stream(const std::filesystem::path& path);

/// A whole file in memory, as pages of the file that the kernel may take back. If
/// somebody cuts the file meanwhile, reading ends the process: for engine hosts.
class MappedFile {
 public:
  /// Throws as open_regular_file() does.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const noexcept { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace hailstone::os
