// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A blob on its way into the store, from beginning to end: an upload, a file that is imported, a
// layer that is made here. For downloads that come in parts and can be resumed see
// partial_blob.hpp.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_size.hpp"
#include "base/error.hpp"
#include "core/store/blobs/digest.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::core {

/// A blob that is in the store, whole and verified.
struct Blob {
  std::string digest;  ///< "sha256:<64 hex>"
  ByteSize size;
  std::filesystem::path path;
};

/// What is known about a blob before its bytes come.
struct ExpectedBlob {
  std::optional<std::string> digest;  ///< "sha256:<64 hex>"
  std::optional<ByteSize> size;
};

/// Hashes while it writes. Owned by one thread. Nothing is visible before commit(); what is not
/// committed is removed by the destructor.
class BlobWriter {
 public:
  /// Throws Error(kBadRequest) for a digest that is none, kOutOfMemory when the expected size does
  /// not fit on the disk, and as disk_error() does.
  explicit BlobWriter(const std::filesystem::path& root, ExpectedBlob expected = {});
  ~BlobWriter();
  BlobWriter(const BlobWriter&) = delete;
  BlobWriter& operator=(const BlobWriter&) = delete;

  /// Throws Error(kBadRequest) beyond the expected size, and as disk_error() does.
  void write(std::string_view bytes);

  /// Makes the bytes durable, checks them, and only then gives them their name. Once. Throws
  /// Error(kBadRequest, "digest mismatch, expected ... got ...") and as disk_error() does.
  Blob commit();

 private:
  ExpectedBlob expected_;
  std::filesystem::path root_;
  std::filesystem::path file_;
  os::UniqueFd fd_;
  Sha256 hash_;
  ByteSize written_;
};

/// "digest mismatch, expected sha256:... got sha256:...".
Error digest_mismatch(const std::string& expected, const std::string& got);

/// Throws Error(kOutOfMemory) with the numbers where so much more does not fit into the folder's
/// file system.
void require_room(const std::filesystem::path& folder, ByteSize wanted);

}  // namespace hailstone::core
