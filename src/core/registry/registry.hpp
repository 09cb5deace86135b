// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Models from elsewhere, and to elsewhere: Ollama's registry protocol, and plain files by their
// URL. Names of other hosts ("hf.co/owner/model:tag", "localhost:5000/me/mine") go through the same
// protocol at that host.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/run_context.hpp"
#include "core/store/store_writer.hpp"

namespace hailstone::core {

/// What happens, as Ollama's clients are told.
struct TransferProgress {
  std::string status;           ///< "pulling manifest", "pulling 4f659a1e86d7", "success"
  std::string digest;           ///< "sha256:..." while bytes move, else empty
  std::uint64_t total = 0;      ///< bytes
  std::uint64_t completed = 0;  ///< bytes; may fall when a download has to begin again
};

/// Called on the thread that asked, at most about every 60 ms while bytes move. Throwing leaves the
/// transfer as a stop does.
using OnTransfer = std::function<void(const TransferProgress& progress)>;

/// Called on the thread that asked, with a model whose files are all there and which nobody can
/// see yet. Throwing leaves it unlisted, and what it would have replaced as it was.
using OnArrived = std::function<void(const StoredModel& model)>;

enum class Security {
  kHttps,     ///< plain HTTP only on this machine
  kInsecure,  ///< plain HTTP everywhere: the caller has asked for it
};

struct RegistryOptions {
  /// The ed25519 key that registries know us by; OpenSSH's format or PEM. Made when one asks.
  std::filesystem::path key_file;
  std::string user_agent = "ollama/0.33.0 (hailstone) Go/1.24";
  std::size_t connections = 4;  ///< per blob; never above 16
  int tries = 6;                ///< in a row without a byte of progress
  std::chrono::nanoseconds first_retry = std::chrono::seconds(1);  ///< doubles with each try
  std::chrono::seconds stall{30};  ///< a connection without a byte for so long begins again
};

/// A file of a catalogue.
struct UrlSource {
  std::string url;  ///< https, or http on this machine
  std::optional<ByteSize> size;
  /// "sha256:<64 hex>". Unknown: what the first download of the URL hashed to is written down, and
  /// compared from then on.
  std::optional<std::string> digest;
};

/// Thread-safe. Everything blocks; failures of the network are Error(kEngineFailed), kTimeout,
/// kBusy with a time to retry for a registry that has enough of us, kNotFound and kForbidden. A
/// digest that does not match is kBadRequest. Also throws as StoreWriter and RunContext::check()
/// do.
class Registry {
 public:
  /// The writer outlives it.
  Registry(StoreWriter& writer, RegistryOptions options);
  /// Stops what runs. Nobody may wait for a transfer any more.
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Two callers that want the same blob share its download; it stops when the last one leaves, and
  /// its partial files stay. The model is listed only once everything is there and verified.
  void pull(const ModelName& name, Security security, const OnTransfer& on_progress,
            const RunContext& run, const OnArrived& on_arrived = {});

  /// Throws Error(kNotFound) for a model that is not installed.
  void push(const ModelName& name, Security security, const OnTransfer& on_progress,
            const RunContext& run);

  /// A file as a blob of the store. Shares, resumes and verifies as pull() does. status names the
  /// file.
  Blob download(const UrlSource& source, const OnTransfer& on_progress, const RunContext& run);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::core
