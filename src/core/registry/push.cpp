// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/push.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/strings.hpp"
#include "core/store/blobs/files.hpp"

namespace hailstone::core {
namespace {

// Ollama's way of cutting an upload.
constexpr std::uint64_t kMostChunks = 16;
constexpr std::uint64_t kSmallestChunk = 100'000'000;
constexpr std::uint64_t kLargestChunk = 1'000'000'000;

/// MD5 is what object stores call an etag; nothing here relies on it.
class Md5 {
 public:
  Md5() { EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr); }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), hash.data(), &size);
    return {reinterpret_cast<const char*>(hash.data()), size};
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free};
};

std::string upload_location(const HttpReply& reply) {
  const std::string ollamas = reply.header("docker-upload-location");
  return ollamas.empty() ? reply.header("location") : ollamas;
}

/// The session's own URL of an upload; its query may hold its state.
class Upload {
 public:
  Upload(RegistrySession& session, const Layer& blob, const RunContext& run,
         const OnBytes& on_bytes)
      : session_(session),
        blob_(blob),
        run_(run),
        on_bytes_(on_bytes),
        fd_(open_to_read(blob.path)) {}

  /// False if the registry took it over from elsewhere.
  bool begin() {
    HttpRequest request;
    request.method = "POST";
    std::string path = "blobs/uploads/";
    if (!blob_.from.empty()) {
      path += "?mount=" + encode(blob_.digest) + "&from=" + encode(blob_.from);
    }
    request.url = session_.url_of(path);
    const HttpReply reply = session_.call(request, run_);
    if (reply.status == 201) return false;
    next_ = follow(request.url, upload_location(reply), session_.security(), reply.peer);
    return true;
  }

  void send() {
    const std::uint64_t total = blob_.size.count();
    const std::uint64_t size = std::clamp(total / kMostChunks, kSmallestChunk, kLargestChunk);
    std::uint64_t offset = 0;
    do {
      send_chunk(offset, std::min(size, total - offset));
      offset += size;
      ++chunks_;
    } while (offset < total);
  }

  void finish() {
    HttpRequest request;
    request.method = "PUT";
    const std::string query = "digest=" + encode(blob_.digest) +
                              "&etag=" + to_hex(etags_.finish()) + "-" + std::to_string(chunks_);
    const bool has_query = next_.text.find('?') != std::string::npos;
    request.url = parse_url(next_.text + (has_query ? "&" : "?") + query);
    request.headers = {"Content-Type: application/octet-stream"};
    session_.call(request, run_);
  }

 private:
  void send_chunk(std::uint64_t offset, std::uint64_t size) {
    HttpRequest request = chunk(offset, size);
    request.method = "PATCH";
    request.url = next_;
    request.headers.push_back("Content-Range: " + std::to_string(offset) + "-" +
                              std::to_string(size == 0 ? offset : offset + size - 1));
    request.headers.emplace_back("X-Redirect-Uploads: 1");
    const HttpReply reply = session_.call(request, run_);
    if (const std::string next = upload_location(reply); !next.empty()) {
      if (reply.is_redirect()) {
        // Where the bytes really go is not told who we are.
        put_elsewhere(follow(next_, reply.header("location"), session_.security(), reply.peer),
                      offset, size);
        const std::string own = reply.header("docker-upload-location");
        if (!own.empty()) next_ = follow(next_, own, session_.security(), reply.peer);
      } else {
        next_ = follow(next_, next, session_.security(), reply.peer);
      }
    }
    etags_.add(md5_of(offset, size));
  }

  void put_elsewhere(const Url& url, std::uint64_t offset, std::uint64_t size) {
    HttpRequest request = chunk(offset, size);
    request.method = "PUT";
    request.url = url;
    const HttpOptions options{session_.options().user_agent, session_.options().stall};
    const HttpReply reply = exchange(request, options, run_);
    if (reply.outcome != CURLE_OK || reply.status / 100 != 2) throw error_of(reply, url.host);
  }

  HttpRequest chunk(std::uint64_t offset, std::uint64_t size) {
    HttpRequest request;
    request.headers = {"Content-Type: application/octet-stream"};
    request.upload_size = size;
    request.upload = [this, offset](char* into, std::size_t most, std::uint64_t at) {
      const auto got = read_file(into, most, offset + at);
      on_bytes_(blob_.size.count(), offset + at + got);
      return got;
    };
    return request;
  }

  std::size_t read_file(char* into, std::size_t most, std::uint64_t offset) const {
    const auto got = ::pread(fd_.get(), into, most, static_cast<off_t>(offset));
    if (got < 0) throw disk_error("read", blob_.path, errno);
    return static_cast<std::size_t>(got);
  }

  std::string md5_of(std::uint64_t offset, std::uint64_t size) const {
    Md5 hash;
    std::string piece(1U << 20U, '\0');
    while (size > 0) {
      run_.check();
      const auto got = read_file(piece.data(), std::min<std::uint64_t>(piece.size(), size), offset);
      if (got == 0) break;
      hash.add(std::string_view(piece).substr(0, got));
      offset += got;
      size -= got;
    }
    return hash.finish();
  }

  RegistrySession& session_;
  const Layer& blob_;
  const RunContext& run_;
  const OnBytes& on_bytes_;
  os::UniqueFd fd_;
  Url next_;
  Md5 etags_;
  int chunks_ = 0;
};

}  // namespace

void push_blob(RegistrySession& session, const Layer& blob, const RunContext& run,
               const OnBytes& on_bytes) {
  HttpRequest request;
  request.method = "HEAD";
  request.url = session.blob_url(blob.digest);
  if (session.try_call(request, run).status != 404) return;
  // The progress of an upload is told at every buffer; people see 60 ms.
  SteadyTime told{};
  const OnBytes seldom = [&](std::uint64_t total, std::uint64_t completed) {
    const SteadyTime now = system_clock().now();
    if (now - told < std::chrono::milliseconds(60)) return;
    told = now;
    on_bytes(total, completed);
  };
  Upload upload(session, blob, run, seldom);
  if (!upload.begin()) return;
  upload.send();
  upload.finish();
}

void push_manifest(RegistrySession& session, const StoredModel& model, const RunContext& run) {
  HttpRequest request;
  request.method = "PUT";
  request.url = session.url_of("manifests/" + model.name.tag);
  request.headers = {"Content-Type: application/vnd.docker.distribution.manifest.v2+json"};
  request.body = read_small_file(model.manifest);
  session.call(request, run);
}

}  // namespace hailstone::core
