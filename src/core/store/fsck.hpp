// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The store looked over at rest: every manifest read, every blob hashed again, whatever marks say.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_size.hpp"
#include "base/run_context.hpp"
#include "core/store/store_writer.hpp"

namespace hailstone::core {

enum class FsckMode {
  kReport,
  kRepair,  ///< bad blobs of our root are moved aside (".bad"), so that a good copy can take over
};

enum class FsckFault {
  kMissing,      ///< a blob that a manifest names
  kWrongDigest,  ///< its bytes are not what its name says
  kWrongSize,    ///< not the size that a manifest gives
  kUnreadable,   ///< a blob that the disk or its permissions withhold
  kManifest,     ///< a manifest that is none
};

/// "missing", "wrong digest", ...
std::string_view to_string(FsckFault fault) noexcept;

struct FsckFinding {
  FsckFault fault = FsckFault::kMissing;
  std::filesystem::path file;
  std::vector<std::string> models;  ///< that need it, by name
  bool is_repaired = false;         ///< moved aside, and no model misses it
};

struct FsckReport {
  std::size_t models = 0;
  std::size_t blobs = 0;
  ByteSize bytes;  ///< hashed
  std::vector<FsckFinding> findings;
  /// Names whose pull gets back what is bad or missing; each once.
  std::vector<std::string> pull_again;

  bool is_clean() const noexcept { return findings.empty(); }
};

/// The blob that is looked at, and how many of how many that is.
using OnFsck = std::function<void(const std::string& digest, std::size_t at, std::size_t of)>;

/// Reads the whole store: minutes for a large one. Good blobs are marked as verified. Throws as
/// RunContext::check() does; what is wrong with files is in the report.
FsckReport check_store(StoreWriter& writer, FsckMode mode, const OnFsck& on_blob,
                       const RunContext& run);

}  // namespace hailstone::core
