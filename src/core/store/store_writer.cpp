// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/store_writer.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"
#include "core/store/manifest.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kIncomingManifest = ".incoming-";

std::string require_hex(std::string_view digest) {
  auto hex = find_digest_hex(digest);
  if (!hex) throw Error(ErrorCode::kBadRequest, "invalid digest format");
  return *std::move(hex);
}

/// Every digest that any manifest names. Nothing where one cannot be read.
std::optional<std::set<std::string>> find_used(const std::vector<fs::path>& roots) {
  std::set<std::string> used;
  for (const auto& root : roots) {
    const auto files = find_manifest_files(root);
    if (!files) return std::nullopt;
    for (const auto& file : *files) {
      std::error_code error;
      if (!fs::is_regular_file(file, error)) continue;
      try {
        std::ifstream in = open_stream(file);
        for (auto& hex : digests_in(std::string(std::istreambuf_iterator<char>(in), {}))) {
          used.insert(std::move(hex));
        }
      } catch (const Error&) {
        if (fs::exists(file, error)) return std::nullopt;
      }
    }
  }
  return used;
}

/// The entry of the folder that is called so if case does not matter; the text itself if none is.
std::string existing_entry(const fs::path& folder, const std::string& text) {
  std::error_code error;
  if (fs::exists(folder / text, error)) return text;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::string entry = it->path().filename().string();
    if (equals_ignoring_case(entry, text)) return entry;
  }
  return text;
}

/// Creates the folders between, and makes them durable.
void ensure_folder_of(const fs::path& file, const fs::path& root) {
  const fs::path folder = file.parent_path();
  std::error_code error;
  if (fs::is_directory(folder, error)) return;
  ensure_folder(folder);
  for (fs::path each = folder; each != root && each.has_relative_path();) {
    each = each.parent_path();
    sync_folder(each);
  }
}

/// Removes <model>, <namespace> and <host> where nothing is left in them.
void remove_empty_folders(const fs::path& manifest) {
  fs::path folder = manifest.parent_path();
  for (int level = 0; level < 3 && ::rmdir(folder.c_str()) == 0; ++level) {
    folder = folder.parent_path();
  }
}

bool is_older(const fs::path& file, WallTime limit) {
  struct stat info {};
  if (::lstat(file.c_str(), &info) != 0) return false;
  return std::chrono::system_clock::from_time_t(info.st_mtim.tv_sec) < limit;
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    out.push_back(it->path());
  }
  return out;
}

Error not_found(const ModelName& name) {
  return Error(ErrorCode::kNotFound, "model \"" + name.display() + "\" not found");
}

}  // namespace

BlobHold::BlobHold(StoreWriter& writer, std::string hex) : writer_(&writer), hex_(std::move(hex)) {
  const std::lock_guard lock(writer_->mutex_);
  ++writer_->holds_[hex_];
}

BlobHold::BlobHold(BlobHold&& other) noexcept
    : writer_(std::exchange(other.writer_, nullptr)), hex_(std::move(other.hex_)) {}

BlobHold::~BlobHold() {
  if (writer_ == nullptr) return;
  const std::lock_guard lock(writer_->mutex_);
  const auto found = writer_->holds_.find(hex_);
  if (--found->second == 0) writer_->holds_.erase(found);
}

StoreWriter::StoreWriter(const Store& store, const Clock& clock)
    : store_(store), clock_(clock), marks_(store.roots().front()) {}

BlobHold StoreWriter::hold(std::string_view digest) {
  return BlobHold(*this, require_hex(digest));
}

BlobState StoreWriter::blob_state(std::string_view digest) const {
  require_hex(digest);
  const auto path = store_.find_blob(digest);
  if (!path) return BlobState::kAbsent;
  return marks_.has(digest, *path) ? BlobState::kVerified : BlobState::kUnverified;
}

bool StoreWriter::verify_blob(std::string_view digest, const RunContext& run) {
  const std::string hex = require_hex(digest);
  const auto path = store_.find_blob(digest);
  if (!path) return false;
  if (marks_.has(digest, *path)) return true;
  if (digest_of_file(*path, run) == "sha256:" + hex) {
    marks_.set(digest, *path);
    return true;
  }
  log::warning("store", "a blob's bytes are not what its name says", {{"blob", path->string()}});
  const std::lock_guard lock(mutex_);
  if (path == find_blob_path(root(), digest)) rename_file(*path, bad_blob_path(*path));
  return false;
}

Layer StoreWriter::add_blob(std::string_view media_type, std::string_view bytes) {
  Layer layer;
  layer.media_type = media_type;
  layer.digest = "sha256:" + sha256_hex(bytes);
  layer.size = ByteSize::bytes(bytes.size());
  if (blob_state(layer.digest) == BlobState::kVerified) {
    layer.path = store_.find_blob(layer.digest).value_or(fs::path());
    return layer;
  }
  BlobWriter writer(root(), {layer.digest, layer.size});
  writer.write(bytes);
  layer.path = writer.commit().path;
  return layer;
}

ModelName StoreWriter::with_existing_case(ModelName name) const {
  fs::path folder = manifests_folder(root());
  for (std::string* part : {&name.host, &name.ns, &name.model, &name.tag}) {
    *part = existing_entry(folder, *part);
    folder /= *part;
  }
  return name;
}

void StoreWriter::require_blobs(const StoredModel& manifest) const {
  const auto require = [this](const Layer& layer) {
    const auto path = store_.find_blob(layer.digest);
    if (!path) {
      throw Error(ErrorCode::kConflict, "blob " + layer.digest + " is not in the store",
                  "pull the model again, or upload the blob first");
    }
    std::error_code error;
    const auto size = fs::file_size(*path, error);
    if (!error && size == layer.size.count()) return;
    throw Error(ErrorCode::kConflict,
                "blob " + layer.digest + " has " + std::to_string(size) + " bytes instead of " +
                    std::to_string(layer.size.count()),
                "'hailstone fsck' finds out which of the two is wrong");
  };
  for (const auto& layer : manifest.layers) require(layer);
  if (manifest.config) require(*manifest.config);
}

std::vector<std::string> StoreWriter::write_manifest(const ModelName& name,
                                                     std::string_view bytes) {
  const StoredModel manifest = parse_manifest(bytes, root());
  const std::lock_guard lock(mutex_);
  const fs::path file = manifest_path(root(), with_existing_case(name));
  require_blobs(manifest);
  std::vector<std::string> replaced;
  std::error_code error;
  if (fs::is_regular_file(file, error)) {
    for (const auto& hex : digests_in(read_small_file(file))) replaced.push_back("sha256:" + hex);
  }
  ensure_folder_of(file, root());
  // Above the folders of the names, where Ollama does not look for manifests.
  replace_file(file, bytes, manifests_folder(root()) / make_id(kIncomingManifest));
  // An Ollama that prunes at its start may have taken one before it could see the manifest.
  require_blobs(manifest);
  return replaced;
}

void StoreWriter::copy(const ModelName& source, const ModelName& destination) {
  const auto model = store_.find(source);
  if (!model) throw not_found(source);
  write_manifest(destination, read_small_file(model->manifest));
}

Removal StoreWriter::remove(const ModelName& name) {
  std::unique_lock lock(mutex_);
  const fs::path file = manifest_path(root(), with_existing_case(name));
  std::error_code error;
  if (!fs::exists(fs::symlink_status(file, error))) {
    lock.unlock();
    const auto elsewhere = store_.find(name);
    if (!elsewhere) throw not_found(name);
    throw Error(ErrorCode::kForbidden,
                "model \"" + name.display() + "\" is in " + elsewhere->root.string() +
                    ", which is not ours to change",
                "remove it with what brought it there (a package, or Ollama)");
  }
  std::vector<std::string> digests;
  if (fs::is_regular_file(file, error)) digests = digests_in(read_small_file(file));
  remove_file(file);
  sync_folder(file.parent_path());
  remove_empty_folders(file);
  for (auto& digest : digests) digest.insert(0, "sha256:");
  return remove_unused_now(digests);
}

Removal StoreWriter::remove_unused(const std::vector<std::string>& digests) {
  const std::lock_guard lock(mutex_);
  return remove_unused_now(digests);
}

Removal StoreWriter::remove_unused_now(const std::vector<std::string>& digests) {
  Removal removal;
  const auto used = find_used(store_.roots());
  if (!used) return removal;
  for (const auto& digest : digests) {
    const std::string hex = require_hex(digest);
    if (!used->contains(hex) && !holds_.contains(hex)) {
      drop(find_blob_path(root(), digest).value(), removal);
    }
  }
  return removal;
}

void StoreWriter::drop(const fs::path& file, Removal& removal) const {
  struct stat info {};
  if (::lstat(file.c_str(), &info) != 0 || !remove_file(file)) return;
  const auto name = read_blob_file_name(file.filename().string());
  if (S_ISREG(info.st_mode)) {
    // Partial files are mostly holes: what counts is what the disk gets back.
    removal.freed += ByteSize::bytes(static_cast<std::uint64_t>(info.st_blocks) * 512);
  }
  if (name.kind != BlobFileName::Kind::kBlob) return;
  removal.blobs.push_back("sha256:" + name.hex);
  marks_.clear(removal.blobs.back());
}

bool StoreWriter::is_disposable(const fs::path& file, const std::set<std::string>& used,
                                const PruneOptions& options) const {
  using Kind = BlobFileName::Kind;
  const auto name = read_blob_file_name(file.filename().string());
  const auto older = [&](std::chrono::nanoseconds grace) {
    return is_older(file, clock_.wall() - std::chrono::duration_cast<WallTime::duration>(grace));
  };
  switch (name.kind) {
    case Kind::kBlob:
      return !used.contains(name.hex) && !holds_.contains(name.hex) && older(options.grace);
    case Kind::kIncoming:
      return older(options.grace);
    case Kind::kPartial:
    case Kind::kBad:
      return !holds_.contains(name.hex) && older(options.partial_grace);
    case Kind::kOther:
      break;
  }
  return false;  // not ours, and not for us to judge
}

Removal StoreWriter::prune(const PruneOptions& options) {
  const std::lock_guard lock(mutex_);
  Removal removal;
  const auto used = find_used(store_.roots());
  if (!used) return removal;
  for (const auto& file : files_of(blobs_folder(root()))) {
    if (is_disposable(file, *used, options)) drop(file, removal);
  }
  const WallTime limit =
      clock_.wall() - std::chrono::duration_cast<WallTime::duration>(options.grace);
  for (const auto& file : files_of(manifests_folder(root()))) {
    const bool is_incoming = file.filename().string().starts_with(kIncomingManifest);
    if (is_incoming && is_older(file, limit)) remove_file(file);
  }
  return removal;
}

}  // namespace hailstone::core
