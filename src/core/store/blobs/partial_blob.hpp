// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A blob that is being downloaded: in parts, in any order, and over several lives of the program.
// Files and their contents are Ollama's: "sha256-<hex>-partial" holds the bytes at their places,
// "sha256-<hex>-partial-N" says how much of part N is there. A thread of its own hashes behind the
// downloads, so that the digest is known shortly after the last byte.

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/run_context.hpp"
#include "core/store/blobs/blob_writer.hpp"

namespace hailstone::core {

struct BlobPart {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t completed = 0;  ///< from the beginning of the part on

  bool is_complete() const noexcept { return completed == size; }
};

struct PartialBlobOptions {
  std::filesystem::path root;
  std::string name;  ///< a digest; the final one unless that is not known yet
  ByteSize size;
  std::optional<std::string> digest;  ///< what the bytes have to hash to, if that is known
};

/// How long the parts of a blob are: as Ollama cuts them, but never more than a thousand.
std::uint64_t part_size_for(std::uint64_t total) noexcept;

/// append() from one thread; the rest from any. What is there stays on disk when the object goes.
class PartialBlob {
 public:
  /// Goes on where an earlier one stopped, if its files fit together. Throws Error(kBusy) while
  /// another one is open for the same blob, here or in another process, kOutOfMemory where the rest
  /// does not fit on the disk, and as disk_error() does.
  explicit PartialBlob(PartialBlobOptions options);
  ~PartialBlob();
  PartialBlob(const PartialBlob&) = delete;
  PartialBlob& operator=(const PartialBlob&) = delete;

  std::size_t part_count() const noexcept { return parts_.size(); }
  BlobPart part(std::size_t index) const;
  std::uint64_t completed() const;  ///< bytes on disk, of all parts
  /// How many of them an earlier object had left.
  std::uint64_t resumed() const noexcept { return resumed_; }

  /// Bytes that follow what the part has. They reach the disk in batches: call flush() where they
  /// stop coming. Throws Error(kBadRequest) beyond the part's end, and as disk_error() does.
  void append(std::size_t part, std::string_view bytes);
  void flush(std::size_t part);

  /// Once every part is complete: waits for the hash of all bytes. "sha256:<64 hex>". Throws as
  /// RunContext::check() and disk_error() do.
  std::string digest(const RunContext& run);

  /// As digest(), and makes the bytes durable, compares, and only then gives them
  /// their name. A wrong digest throws away what was downloaded and throws
  /// Error(kBadRequest, "digest mismatch, ..."). Also throws as RunContext::check() and
  /// disk_error() do.
  Blob commit(const RunContext& run);

  /// Throws away what was downloaded.
  void discard();

 private:
  struct PartFile {
    BlobPart part;  ///< guarded by mutex_
    std::string pending;
    os::UniqueFd state;
  };

  std::filesystem::path state_path(std::size_t part) const;
  bool load_parts();
  void plan_parts();
  void save_state(std::size_t part);
  void hash_behind(const std::stop_token& stop);
  std::uint64_t frontier() const;  // needs mutex_

  const PartialBlobOptions options_;
  std::filesystem::path file_;
  os::UniqueFd fd_;
  std::size_t batch_ = 0;
  std::uint64_t resumed_ = 0;
  std::vector<PartFile> parts_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string hex_;                  ///< guarded by mutex_; empty until all is hashed
  std::optional<Error> hash_error_;  ///< guarded by mutex_
  std::jthread hasher_;
};

}  // namespace hailstone::core
