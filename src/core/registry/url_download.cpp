// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/url_download.hpp"

#include <fstream>

#include "base/ids.hpp"
#include "base/strings.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

HttpOptions http_options(const RegistryOptions& options) {
  return {options.user_agent, options.stall};
}

}  // namespace

Blob download_blob(const PartialBlobOptions& wanted, const Locate& locate,
                   const RegistryOptions& options, const OnBytes& on_bytes, const RunContext& run) {
  for (bool is_second = false;; is_second = true) {
    PartialBlob blob(wanted);
    on_bytes(wanted.size.count(), blob.completed());
    download_parts(blob, wanted.size, locate, options, on_bytes, run);
    // A power cut can take bytes whose arrival was noted; that is no fault of the server.
    const bool is_wrong = wanted.digest && blob.digest(run) != *wanted.digest;
    if (!is_wrong || blob.resumed() == 0 || is_second) return blob.commit(run);
    log::warning("registry", "what an earlier download left is bad: beginning again",
                 {{"blob", *wanted.digest}});
    blob.discard();
  }
}

UrlDownload::UrlDownload(StoreWriter& writer, const RegistryOptions& options,
                         const UrlSource& source)
    : writer_(writer), options_(options), url_(parse_url(source.url)), size_(source.size) {
  require_allowed(url_, Security::kHttps);
  if (source.digest) {
    const auto hex = find_digest_hex(*source.digest);
    if (!hex) throw Error(ErrorCode::kBadRequest, "invalid digest format");
    digest_ = "sha256:" + *hex;
  } else {
    digest_ = find_recorded();
    is_recorded_ = digest_.has_value();
  }
  name_ = digest_.value_or("sha256:" + sha256_hex(url_.text));
}

std::string UrlDownload::file_name() const {
  const std::string path = url_.text.substr(0, url_.text.find_first_of("?#"));
  return path.substr(path.rfind('/') + 1);
}

fs::path UrlDownload::record_path() const {
  return writer_.root() / "downloads" / sha256_hex(url_.text);
}

std::optional<std::string> UrlDownload::find_recorded() const {
  std::error_code error;
  if (!fs::exists(record_path(), error)) return std::nullopt;
  std::ifstream in = open_stream(record_path());
  std::string digest;
  in >> digest;
  if (!find_digest_hex(digest)) return std::nullopt;
  return digest;
}

void UrlDownload::record(const Blob& blob) const {
  const fs::path file = record_path();
  ensure_folder(file.parent_path());
  replace_file(file, blob.digest + " " + url_.text + "\n",
               file.parent_path() / make_id(".record-"));
}

std::optional<Blob> UrlDownload::find_present(const RunContext& run) const {
  if (!digest_ || !writer_.verify_blob(*digest_, run)) return std::nullopt;
  const auto path = writer_.store().find_blob(*digest_);
  std::error_code error;
  const auto size = path ? fs::file_size(*path, error) : 0;
  if (!path || error) return std::nullopt;
  return Blob{*digest_, ByteSize::bytes(size), *path};
}

Source UrlDownload::locate(const RunContext& run) const {
  return locate_url(url_, Security::kHttps, options_, run);
}

Blob UrlDownload::fetch_unsized(const Source& source, const OnBytes& on_bytes,
                                const RunContext& run) const {
  HttpRequest request;
  request.url = source.url;
  BlobWriter writer(writer_.root(), {digest_, size_});
  std::uint64_t completed = 0;
  CurlLoop loop;
  const Transfer transfer(loop, request, http_options(options_),
                          [&](const HttpReply& head, std::string_view bytes) {
                            if (head.status != 200) return false;
                            writer.write(bytes);
                            completed += bytes.size();
                            return true;
                          });
  while (!transfer.is_finished()) {
    loop.turn(std::chrono::seconds(1), run.stop);
    run.check();
    on_bytes(0, completed);
  }
  if (transfer.failure()) std::rethrow_exception(transfer.failure());
  const HttpReply& reply = transfer.reply();
  if (reply.outcome != CURLE_OK || reply.status != 200) throw error_of(reply, source.url.host);
  return writer.commit();
}

Blob UrlDownload::fetch(const OnBytes& on_bytes, const RunContext& run) const {
  const Source source = locate(run);
  const BlobHold hold = writer_.hold(name_);
  if (source.size && size_ && *source.size != size_->count()) {
    throw Error(ErrorCode::kEngineFailed, url_.text + " has " + std::to_string(*source.size) +
                                              " bytes instead of " +
                                              std::to_string(size_->count()));
  }
  std::optional<Blob> blob;
  if (source.size) {
    const PartialBlobOptions wanted{writer_.root(), name_, ByteSize::bytes(*source.size), digest_};
    const auto find = [this](const RunContext& its_run) { return locate(its_run); };
    blob = download_blob(wanted, find, options_, on_bytes, run);
  } else {
    blob = fetch_unsized(source, on_bytes, run);
  }
  if (!digest_) record(*blob);
  return *std::move(blob);
}

}  // namespace hailstone::core
