// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/registry.hpp"

#include <set>

#include "base/error.hpp"
#include "core/registry/downloads.hpp"
#include "core/registry/push.hpp"
#include "core/registry/session.hpp"
#include "core/registry/url_download.hpp"
#include "core/store/blobs/blob_writer.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"
#include "core/store/manifest.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace {

using SessionPtr = std::shared_ptr<RegistrySession>;  // a download outlives the pull that began it

/// "sha256:4f659a1e86d7..." -> "4f659a1e86d7", as Ollama shows it.
std::string short_of(const std::string& digest) {
  constexpr std::size_t kPrefix = 7;
  constexpr std::size_t kShown = 12;
  return digest.substr(kPrefix, kShown);
}

std::string fetch_manifest(RegistrySession& session, const ModelName& name, const RunContext& run) {
  HttpRequest request;
  request.url = session.url_of("manifests/" + name.tag);
  request.headers = {"Accept: application/vnd.docker.distribution.manifest.v2+json"};
  HttpReply reply = session.try_call(request, run);
  if (reply.status == 404) {
    throw Error(ErrorCode::kNotFound, "pull model manifest: file does not exist",
                session.host() + " has no model " + name.display());
  }
  return std::move(reply.body);
}

/// Every blob that a manifest names, once.
std::vector<Layer> blobs_of(const StoredModel& manifest) {
  std::vector<Layer> blobs;
  std::set<std::string> seen;
  for (const auto& layer : manifest.layers) {
    if (seen.insert(layer.digest).second) blobs.push_back(layer);
  }
  if (manifest.config && seen.insert(manifest.config->digest).second) {
    blobs.push_back(*manifest.config);
  }
  return blobs;
}

}  // namespace

class Registry::Impl {
 public:
  Impl(StoreWriter& writer, RegistryOptions options)
      : writer_(writer), options_(std::move(options)) {}

  void pull(const ModelName& name, Security security, const OnTransfer& on_progress,
            const RunContext& run, const OnArrived& on_arrived);
  void push(const ModelName& name, Security security, const OnTransfer& on_progress,
            const RunContext& run);
  Blob download(const UrlSource& source, const OnTransfer& on_progress, const RunContext& run);

 private:
  void fetch_layer(const SessionPtr& session, const Layer& layer, const OnTransfer& on_progress,
                   const RunContext& run);
  void require_room_for(const std::vector<Layer>& blobs);

  StoreWriter& writer_;
  const RegistryOptions options_;
  Downloads downloads_;
};

void Registry::Impl::fetch_layer(const SessionPtr& session, const Layer& layer,
                                 const OnTransfer& on_progress, const RunContext& run) {
  TransferProgress progress{"pulling " + short_of(layer.digest), layer.digest, layer.size.count(),
                            0};
  on_progress(progress);
  const auto report = [&](std::uint64_t, std::uint64_t completed) {
    progress.completed = completed;
    on_progress(progress);
  };
  if (!writer_.verify_blob(layer.digest, run)) {
    const PartialBlobOptions wanted{writer_.root(), layer.digest, layer.size, layer.digest};
    const auto work = [session, wanted](const OnBytes& on_bytes, const RunContext& its_run) {
      const auto locate = [&](const RunContext& r) { return session->locate(*wanted.digest, r); };
      return download_blob(wanted, locate, session->options(), on_bytes, its_run);
    };
    downloads_.fetch(layer.digest, work, report, run);
  }
  report(progress.total, progress.total);
}

/// For all of them together: the first ten should not come for nothing.
void Registry::Impl::require_room_for(const std::vector<Layer>& blobs) {
  ByteSize missing;
  for (const auto& blob : blobs) {
    if (!writer_.store().find_blob(blob.digest)) missing += blob.size;
  }
  ensure_folder(blobs_folder(writer_.root()));
  require_room(blobs_folder(writer_.root()), missing);
}

void Registry::Impl::pull(const ModelName& name, Security security, const OnTransfer& on_progress,
                          const RunContext& run, const OnArrived& on_arrived) {
  on_progress({"pulling manifest", {}});
  const auto session = std::make_shared<RegistrySession>(name, security, options_);
  const std::string bytes = fetch_manifest(*session, name, run);
  const StoredModel manifest = parse_manifest(bytes, writer_.root());
  const auto blobs = blobs_of(manifest);
  std::vector<BlobHold> holds;
  for (const auto& blob : blobs) holds.push_back(writer_.hold(blob.digest));
  require_room_for(blobs);
  for (const auto& blob : blobs) fetch_layer(session, blob, on_progress, run);
  on_progress({"verifying sha256 digest", {}});  // done already, while the bytes came
  if (on_arrived) on_arrived(writer_.store().preview(name, bytes));
  on_progress({"writing manifest", {}});
  const auto replaced = writer_.write_manifest(name, bytes);
  if (!writer_.remove_unused(replaced).blobs.empty()) on_progress({"removing unused layers", {}});
  log::info("registry", "model pulled", {{"model", name.display()}, {"from", session->host()}});
  on_progress({"success", {}});
}

void Registry::Impl::push(const ModelName& name, Security security, const OnTransfer& on_progress,
                          const RunContext& run) {
  on_progress({"retrieving manifest", {}});
  const auto model = writer_.store().find(name);
  if (!model) {
    throw Error(ErrorCode::kNotFound, "model '" + name.display() + "' not found");
  }
  RegistrySession session(name, security, options_);
  TransferProgress progress;
  for (const auto& blob : blobs_of(*model)) {
    progress = {"pushing " + short_of(blob.digest), blob.digest, blob.size.count(), 0};
    on_progress(progress);
    push_blob(session, blob, run, [&](std::uint64_t, std::uint64_t completed) {
      progress.completed = completed;
      on_progress(progress);
    });
    progress.completed = progress.total;
    on_progress(progress);
  }
  on_progress({"pushing manifest", {}});
  push_manifest(session, *model, run);
  on_progress({"success", {}});
}

Blob Registry::Impl::download(const UrlSource& source, const OnTransfer& on_progress,
                              const RunContext& run) {
  UrlDownload download(writer_, options_, source);
  TransferProgress progress{"pulling " + download.file_name(), {}};
  on_progress(progress);
  if (auto there = download.find_present(run)) return *std::move(there);
  const auto report = [&](std::uint64_t total, std::uint64_t completed) {
    progress.total = total;
    progress.completed = completed;
    progress.digest = source.digest.value_or("");
    on_progress(progress);
  };
  const auto work = [download](const OnBytes& on_bytes, const RunContext& its_run) {
    return download.fetch(on_bytes, its_run);
  };
  const Blob blob = downloads_.fetch(download.key(), work, report, run);
  report(blob.size.count(), blob.size.count());
  return blob;
}

Registry::Registry(StoreWriter& writer, RegistryOptions options)
    : impl_(std::make_unique<Impl>(writer, std::move(options))) {}
Registry::~Registry() = default;

void Registry::pull(const ModelName& name, Security security, const OnTransfer& on_progress,
                    const RunContext& run, const OnArrived& on_arrived) {
  impl_->pull(name, security, on_progress, run, on_arrived);
}

void Registry::push(const ModelName& name, Security security, const OnTransfer& on_progress,
                    const RunContext& run) {
  impl_->push(name, security, on_progress, run);
}

Blob Registry::download(const UrlSource& source, const OnTransfer& on_progress,
                        const RunContext& run) {
  return impl_->download(source, on_progress, run);
}

}  // namespace hailstone::core
