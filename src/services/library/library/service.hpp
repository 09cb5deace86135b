// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Changes which models are there: fetches, gives away, makes, copies and removes them, and takes
// uploads.

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/run_context.hpp"
#include "core/registry/registry.hpp"
#include "core/store/fsck.hpp"
#include "core/store/store_writer.hpp"
#include "services/common/model_access.hpp"
#include "services/library/library/task.hpp"

namespace hailstone::library {

/// The next bytes of an upload; empty at its end. May throw, which ends it.
using ReadPiece = std::function<std::string()>;

enum class Upload { kCreated, kWasThere };

/// Thread-safe. A model that is replaced or removed while it is loaded goes with its last request.
class LibraryService {
 public:
  /// The references outlive it.
  LibraryService(services::ModelAccess& models, core::StoreWriter& writer, core::Registry& registry,
                 std::vector<std::filesystem::path> catalog_folders)
      : models_(models),
        writer_(writer),
        registry_(registry),
        catalog_folders_(std::move(catalog_folders)) {}

  /// See Fetching::fetch. Throws kBusy while too many long tasks run, as the next two.
  void pull(const TransferTask& task, const OnProgress& on_progress, const RunContext& run);

  /// Throws kNotFound for a model that is not there, kBadRequest for an illegal name, and as
  /// Registry::push does.
  void push(const TransferTask& task, const OnProgress& on_progress, const RunContext& run);

  /// See Creation::run; the last line says what was found out about a network. A model to start
  /// from that is not there is fetched first, as pull does.
  void create(const CreateTask& task, const OnProgress& on_progress, const RunContext& run);

  /// Onto itself: does nothing. Throws kNotFound, kBadRequest (an illegal name).
  void copy(const CopyTask& task);

  /// Throws kNotFound, kForbidden for a model in a root that is not ours to change.
  void remove(const std::string& model);

  /// Reads the whole store; see core::check_store. Throws kBusy as pull does.
  core::FsckReport fsck(const FsckTask& task, const OnProgress& on_progress, const RunContext& run);

  /// Throws kBadRequest for a text that is no digest, as the next.
  bool has_blob(const std::string& digest) const;

  /// size: where the client has said it. Throws kBadRequest for bytes that are not the digest's,
  /// and what read throws; nothing is left of them then.
  Upload add_blob(const std::string& digest, std::optional<ByteSize> size, const ReadPiece& read,
                  const RunContext& run);

 private:
  class Turn;

  /// Within the caller's turn. Gives the name under which the model is stored now.
  core::ModelName fetch(const TransferTask& task, const OnProgress& on_progress,
                        const RunContext& run);

  /// A model of that name, loaded, is not what the store says any more.
  void unload(const core::ModelName& name);

  services::ModelAccess& models_;
  core::StoreWriter& writer_;
  core::Registry& registry_;
  const std::vector<std::filesystem::path> catalog_folders_;
  std::mutex mutex_;
  int turns_ = 0;  ///< guarded by mutex_
};

}  // namespace hailstone::library
