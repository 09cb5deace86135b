// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/files/static_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/files/byte_range.hpp"
#include "http/pipeline/error_reply.hpp"
#include "http/router.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::http {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPiece = 64 << 10;

constexpr std::array<std::pair<std::string_view, std::string_view>, 21> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".map", "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".xml", "application/xml"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".wav", "audio/wav"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
    {".pdf", "application/pdf"},
}};

std::string_view type_of(const fs::path& path) {
  const auto extension = to_lower(path.extension().string());
  for (const auto& [known, type] : kTypes) {
    if (known == extension) return type;
  }
  return "application/octet-stream";
}

struct OpenFile {
  os::UniqueFd fd;
  std::uint64_t size = 0;
  std::string etag;
  bool is_compressed = false;
};

/// Nothing unless it is a regular file within the folder, links followed.
std::optional<OpenFile> find_file(const fs::path& folder, const fs::path& path) {
  std::error_code error;
  const auto root = fs::canonical(folder, error).string();
  if (error) return std::nullopt;
  const auto real = fs::canonical(path, error).string();
  if (error || !real.starts_with(root + "/")) return std::nullopt;
  OpenFile file;
  // Without waiting for somebody at the other end, should it be a pipe.
  file.fd.reset(::open(real.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (!file.fd || ::fstat(file.fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  file.size = static_cast<std::uint64_t>(info.st_size);
  const auto time =
      std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
  file.etag = "\"" + std::to_string(file.size) + "-" + time + "\"";
  return file;
}

/// Weak marks do not matter here: what we send is equal byte for byte.
bool names_etag(std::string_view header, std::string_view etag) {
  if (trim(header) == "*") return true;
  for (const auto& item : split(header, ',')) {
    auto tag = trim(item);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
  }
  return false;
}

bool takes_gzip(const Headers& headers) {
  for (const auto& item : split(headers.find("Accept-Encoding").value_or(""), ',')) {
    const auto parts = split(item, ';');
    const auto name = trim(parts.front());
    const bool is_refused = parts.size() > 1 && to_lower(trim(parts[1])).starts_with("q=0") &&
                            trim(parts[1]).find_first_of("123456789") == std::string_view::npos;
    if (equals_ignoring_case(name, "gzip") && !is_refused) return true;
  }
  return false;
}

/// "app-3FA2B6C7.js": another content has another name.
bool has_hash(const fs::path& path) {
  constexpr std::size_t kHash = 8;
  const auto stem = path.stem().string();
  const auto dash = stem.rfind('-');
  if (dash == std::string::npos || stem.size() - dash - 1 != kHash) return false;
  return std::all_of(stem.end() - kHash, stem.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

void send_bytes(const OpenFile& file, std::uint64_t offset, std::uint64_t length,
                ResponseStream& stream) {
  std::string piece;
  while (length > 0) {
    piece.resize(std::min<std::uint64_t>(length, kPiece));
    const auto got = ::pread(file.fd.get(), piece.data(), piece.size(), static_cast<off_t>(offset));
    if (got <= 0) throw Error(ErrorCode::kInternal, "a file became shorter while it was sent");
    piece.resize(static_cast<std::size_t>(got));
    stream.write(piece);
    offset += piece.size();
    length -= piece.size();
  }
}

class Folder {
 public:
  explicit Folder(StaticFiles files) : files_(std::move(files)) {}

  void serve(const Request& request, Reply& reply) const {
    auto path = path_of(request);
    std::error_code error;
    if (fs::is_directory(path, error)) {
      if (!request.path.ends_with('/')) return redirect(request, reply);
      path /= files_.index;
    }
    auto plain = find_file(files_.folder, path);
    if (!plain) throw Error(ErrorCode::kNotFound, "there is no " + request.path);
    auto compressed = find_compressed(path);
    if (compressed) reply.add_header("Vary", "Accept-Encoding");
    const bool send_compressed = compressed && takes_gzip(request.headers);
    send(request, reply, path, send_compressed ? *compressed : *plain);
  }

 private:
  fs::path path_of(const Request& request) const {
    const auto found = request.params.find("file");
    const std::string name = found == request.params.end() ? "" : found->second;
    fs::path path = files_.folder;
    for (const auto& part : split(name, '/')) {
      const bool is_hidden = part.starts_with('.');
      if (is_hidden || part.find('\0') != std::string::npos) {
        throw Error(ErrorCode::kNotFound, "there is no " + request.path);
      }
      path /= part;
    }
    return path;
  }

  // Else relative links of the page would lead beside it.
  static void redirect(const Request& request, Reply& reply) {
    Response response;
    response.status = 307;
    response.headers.add("Location", request.path + "/");
    reply.send(std::move(response));
  }

  std::optional<OpenFile> find_compressed(const fs::path& path) const {
    auto file = find_file(files_.folder, path.string() + ".gz");
    if (file) {
      file->is_compressed = true;
      file->etag.insert(file->etag.size() - 1, "-gz");
    }
    return file;
  }

  void send(const Request& request, Reply& reply, const fs::path& path,
            const OpenFile& file) const {
    for (const auto& [name, value] : files_.headers.all()) reply.add_header(name, value);
    reply.add_header("ETag", file.etag);
    reply.add_header("Cache-Control",
                     has_hash(path) ? "public, max-age=31536000, immutable" : "no-cache");
    reply.add_header("X-Content-Type-Options", "nosniff");
    const auto known = request.headers.find("If-None-Match");
    if (known && names_etag(*known, file.etag)) return reply.send({304, {}, {}, {}});
    send_range(request, reply, path, file);
  }

  static void send_range(const Request& request, Reply& reply, const fs::path& path,
                         const OpenFile& file) {
    const auto& headers = request.headers;
    const bool is_same = names_etag(headers.find("If-Range").value_or(file.etag), file.etag);
    const auto range = choose_range(is_same ? headers.find("Range").value_or("") : "", file.size);
    const auto size = std::to_string(file.size);
    if (range.kind == ByteRange::Kind::kUnsatisfiable) {
      throw StatusError(416, "the file has " + size + " bytes")
          .add_header("Content-Range", "bytes */" + size);
    }
    reply.add_header("Accept-Ranges", "bytes");
    if (file.is_compressed) reply.add_header("Content-Encoding", "gzip");
    int status = 200;
    if (range.kind == ByteRange::Kind::kPart) {
      status = 206;
      reply.add_header("Content-Range", "bytes " + std::to_string(range.begin) + "-" +
                                            std::to_string(range.begin + range.length - 1) + "/" +
                                            size);
    }
    auto& stream = reply.stream_sized(status, std::string(type_of(path)), range.length);
    if (request.method != Method::kHead) send_bytes(file, range.begin, range.length, stream);
  }

  const StaticFiles files_;
};

}  // namespace

void add_static_files(Router& router, StaticFiles files) {
  const auto prefix = files.prefix == "/" ? std::string() : files.prefix;
  const auto folder = std::make_shared<const Folder>(std::move(files));  // of all its routes
  for (const auto& pattern : {prefix + "/", prefix + "/{file...}", prefix}) {
    if (pattern.empty()) continue;
    Route route;
    route.method = Method::kGet;
    route.pattern = pattern;
    route.handler = [folder](const Request& request, Reply& reply) {
      folder->serve(request, reply);
    };
    route.key = KeyPlace::kNone;
    router.add(std::move(route));
  }
}

}  // namespace hailstone::http
