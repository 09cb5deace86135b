// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Changes the store: always its first root, never another. A real Ollama may work in the same
// folder at the same time: files appear whole under their names, and a blob goes only when no
// manifest names it.

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "core/store/blobs/blob_writer.hpp"
#include "core/store/blobs/verified.hpp"
#include "core/store/store.hpp"

namespace hailstone::core {

class StoreWriter;

/// Keeps a blob from being removed or pruned while somebody is about to name it in a manifest. The
/// writer outlives it.
class BlobHold {
 public:
  BlobHold(StoreWriter& writer, std::string hex);
  BlobHold(BlobHold&& other) noexcept;
  BlobHold& operator=(BlobHold&&) = delete;
  ~BlobHold();

 private:
  StoreWriter* writer_;
  std::string hex_;
};

/// What has gone from the disk.
struct Removal {
  std::vector<std::string> blobs;  ///< digests
  ByteSize freed;
};

struct PruneOptions {
  /// Blobs younger than this stay: somebody may be about to name them.
  std::chrono::nanoseconds grace = std::chrono::hours(24);
  /// The same for downloads that were never finished.
  std::chrono::nanoseconds partial_grace = std::chrono::hours(7 * 24);
};

enum class BlobState {
  kAbsent,
  kUnverified,  ///< there, but nobody has hashed it since it was last changed
  kVerified,
};

/// Thread-safe. What is written is durable when a call returns. Everything throws as disk_error()
/// does: kOutOfMemory for a full disk, kForbidden for one that may not be written.
class StoreWriter {
 public:
  /// The store and the clock outlive it. Nothing is touched before the first change.
  explicit StoreWriter(const Store& store, const Clock& clock = system_clock());

  const std::filesystem::path& root() const { return store_.roots().front(); }
  const Store& store() const noexcept { return store_; }

  /// Throws Error(kBadRequest, "invalid digest format").
  [[nodiscard]] BlobHold hold(std::string_view digest);

  /// Of the blob in whichever root has it. Throws as hold() does.
  BlobState blob_state(std::string_view digest) const;

  /// True for a blob that is there and hashes to its name, which is looked at only where no mark
  /// says so. A bad one in our root is moved aside (its name gets ".bad" added); one in another
  /// root is left alone. Also throws as RunContext::check() does.
  bool verify_blob(std::string_view digest, const RunContext& run = {});

  /// A layer whose bytes are at hand: a template, parameters, a config. Written once.
  Layer add_blob(std::string_view media_type, std::string_view bytes);

  /// Puts the manifest in place, under the name that is there already where only the case differs.
  /// Gives the blobs that the replaced one named, for remove_unused(). Throws Error(kBadRequest)
  /// for bytes that are no manifest and Error(kConflict) when a blob that it names is in no root,
  /// or has another size.
  std::vector<std::string> write_manifest(const ModelName& name, std::string_view bytes);

  /// Throws Error(kNotFound, "model \"x\" not found").
  void copy(const ModelName& source, const ModelName& destination);

  /// The manifest, and every blob of it that no other manifest names. Throws Error(kNotFound), and
  /// Error(kForbidden) for a model that only another root has.
  Removal remove(const ModelName& name);

  /// Those of the blobs that no manifest names and nobody holds. Nothing goes while some manifest
  /// cannot be read.
  Removal remove_unused(const std::vector<std::string>& digests);

  /// Every blob that no manifest names, and what downloads have left behind, once it is old enough.
  Removal prune(const PruneOptions& options = {});

 private:
  friend class BlobHold;

  // All of these need mutex_.
  ModelName with_existing_case(ModelName name) const;
  void require_blobs(const StoredModel& manifest) const;
  Removal remove_unused_now(const std::vector<std::string>& digests);
  bool is_disposable(const std::filesystem::path& file, const std::set<std::string>& used,
                     const PruneOptions& options) const;
  void drop(const std::filesystem::path& file, Removal& removal) const;

  const Store& store_;
  const Clock& clock_;
  const VerifiedMarks marks_;
  mutable std::mutex mutex_;          ///< one change of manifests, or removal of blobs, at a time
  std::map<std::string, int> holds_;  ///< by hex; guarded by mutex_
};

}  // namespace hailstone::core
