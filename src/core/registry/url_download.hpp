// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file of the web as a blob of the store.

#include <optional>
#include <string>

#include "core/registry/part_download.hpp"
#include "core/registry/registry.hpp"

namespace hailstone::core {

/// The whole way of one blob: resumes, downloads, compares, commits. Bytes of an earlier try that
/// turn out bad are thrown away, and it begins again, once.
Blob download_blob(const PartialBlobOptions& wanted, const Locate& locate,
                   const RegistryOptions& options, const OnBytes& on_bytes, const RunContext& run);

/// A value. The writer outlives it.
class UrlDownload {
 public:
  /// Throws Error(kBadRequest) for what is no URL or no digest, kForbidden for plain HTTP.
  UrlDownload(StoreWriter& writer, const RegistryOptions& options, const UrlSource& source);

  /// What two callers have in common who want the same.
  const std::string& key() const noexcept { return name_; }
  /// The last part of the URL's path.
  std::string file_name() const;

  /// The blob if it is in the store already.
  std::optional<Blob> find_present(const RunContext& run) const;
  Blob fetch(const OnBytes& on_bytes, const RunContext& run) const;

 private:
  Source locate(const RunContext& run) const;
  Blob fetch_unsized(const Source& source, const OnBytes& on_bytes, const RunContext& run) const;
  std::filesystem::path record_path() const;
  std::optional<std::string> find_recorded() const;
  void record(const Blob& blob) const;

  StoreWriter& writer_;
  RegistryOptions options_;
  Url url_;
  std::string name_;  ///< a digest: the file's if it is known, else the URL's
  std::optional<ByteSize> size_;
  std::optional<std::string> digest_;
  bool is_recorded_ = false;  ///< the digest is the one of an earlier download
};

}  // namespace hailstone::core
