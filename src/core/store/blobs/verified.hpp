// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which blobs have been checked against their name. A blob of another program's, or one that was
// there before us, has no mark: it is unverified until somebody hashes it.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_context.hpp"

namespace hailstone::core {

/// Marks stand in the root's own folder "verified". A mark is good for one state of the file: size,
/// time and inode. Not a proof against somebody who can write here. Thread-safe.
class VerifiedMarks {
 public:
  /// root: the writable one; it may mark blobs of other roots.
  explicit VerifiedMarks(const std::filesystem::path& root) : folder_(root / "verified") {}

  bool has(std::string_view digest, const std::filesystem::path& blob) const;
  /// A mark that cannot be written is none; that costs a hash later on, and is no error.
  void set(std::string_view digest, const std::filesystem::path& blob) const;
  void clear(std::string_view digest) const;

 private:
  std::filesystem::path folder_;
};

/// Reads the whole file. "sha256:<64 hex>". Throws as
/// RunContext::check() and disk_error() do.
std::string digest_of_file(const std::filesystem::path& file, const RunContext& run = {});

}  // namespace hailstone::core
