// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/fsck.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"
#include "core/store/blobs/verified.hpp"
#include "core/store/manifest.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

/// What the manifests say of a blob.
struct Wanted {
  std::set<std::string> models;
  std::set<std::uint64_t> sizes;
};

/// The name that the place of a manifest stands for; its path where it stands for none.
std::string name_of(const fs::path& root, const fs::path& manifest) {
  std::vector<std::string> parts;
  for (const auto& part : manifest.lexically_relative(root)) parts.push_back(part.string());
  if (parts.size() != 5) return manifest.string();
  const auto name = find_model_name(parts[1] + "/" + parts[2] + "/" + parts[3] + ":" + parts[4]);
  return name ? name->display() : manifest.string();
}

class Fsck {
 public:
  Fsck(StoreWriter& writer, FsckMode mode, const RunContext& run)
      : writer_(writer), mode_(mode), run_(run), marks_(writer.root()) {}

  FsckReport check(const OnFsck& on_blob) {
    for (const auto& root : writer_.store().roots()) read_manifests(root);
    add_unnamed_blobs();
    for (const auto& [hex, wanted] : blobs_) {
      run_.check();
      on_blob("sha256:" + hex, ++report_.blobs, blobs_.size());
      check_blob("sha256:" + hex, wanted);
    }
    report_.pull_again.assign(lost_.begin(), lost_.end());
    return std::move(report_);
  }

 private:
  void read_manifests(const fs::path& root) {
    const auto files = find_manifest_files(root);
    if (!files) {
      report_.findings.push_back({FsckFault::kUnreadable, manifests_folder(root), {}, false});
      return;
    }
    for (const auto& file : *files) read_manifest(root, file);
  }

  void read_manifest(const fs::path& root, const fs::path& file) {
    if (file.filename().string().starts_with('.')) return;  // being written, or never finished
    const std::string name = name_of(root, file);
    // A broken manifest is a finding, not the end: this is where the store catches.
    try {
      const StoredModel model = parse_manifest(read_small_file(file), root);
      for (const auto& layer : model.layers) want(layer, name);
      if (model.config) want(*model.config, name);
      ++report_.models;
    } catch (const Error&) {
      report_.findings.push_back({FsckFault::kManifest, file, {name}, false});
      lost_.insert(name);
    }
  }

  void want(const Layer& layer, const std::string& name) {
    Wanted& wanted = blobs_[find_digest_hex(layer.digest).value()];
    wanted.models.insert(name);
    wanted.sizes.insert(layer.size.count());
  }

  void add_unnamed_blobs() {
    std::error_code error;
    const fs::path folder = blobs_folder(writer_.root());
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      const auto name = read_blob_file_name(it->path().filename().string());
      if (name.kind == BlobFileName::Kind::kBlob) blobs_[name.hex];
    }
  }

  /// Every root may have one; the first good one is what models get once bad ones are aside.
  void check_blob(const std::string& digest, const Wanted& wanted) {
    const std::size_t first_finding = report_.findings.size();
    bool has_good = false;
    bool is_hidden = false;  // by a bad one that stays
    std::optional<fs::path> expected;
    for (const auto& root : writer_.store().roots()) {
      const fs::path file = find_blob_path(root, digest).value();
      if (!expected) expected = file;
      std::error_code error;
      if (!fs::exists(fs::symlink_status(file, error))) continue;
      const auto fault = find_fault(file, digest, wanted);
      if (!fault) {
        has_good = has_good || !is_hidden;
        continue;
      }
      const bool is_aside = *fault != FsckFault::kWrongSize && move_aside(root, file, digest);
      if (!is_aside && !has_good) is_hidden = true;
      report_.findings.push_back({*fault, file, names(wanted), is_aside});
    }
    if (!has_good && report_.findings.size() == first_finding) {
      report_.findings.push_back({FsckFault::kMissing, *expected, names(wanted), false});
    }
    if (has_good) return;
    lost_.insert(wanted.models.begin(), wanted.models.end());
    // Out of the way is not yet back again.
    for (auto i = first_finding; i < report_.findings.size(); ++i) {
      report_.findings[i].is_repaired = report_.findings[i].is_repaired && wanted.models.empty();
    }
  }

  std::optional<FsckFault> find_fault(const fs::path& file, const std::string& digest,
                                      const Wanted& wanted) {
    try {
      if (digest_of_file(file, run_) != digest) return FsckFault::kWrongDigest;
    } catch (const Error&) {  // one bad file must not end the search for others
      run_.check();
      return FsckFault::kUnreadable;
    }
    std::error_code error;
    const auto size = fs::file_size(file, error);
    report_.bytes += ByteSize::bytes(size);
    marks_.set(digest, file);
    const bool fits = std::all_of(wanted.sizes.begin(), wanted.sizes.end(),
                                  [&](std::uint64_t told) { return told == size; });
    return fits ? std::nullopt : std::optional(FsckFault::kWrongSize);
  }

  bool move_aside(const fs::path& root, const fs::path& file, const std::string& digest) {
    marks_.clear(digest);
    if (mode_ != FsckMode::kRepair || root != writer_.root()) return false;
    std::error_code error;
    fs::rename(file, bad_blob_path(file), error);
    return !error;
  }

  static std::vector<std::string> names(const Wanted& wanted) {
    return {wanted.models.begin(), wanted.models.end()};
  }

  StoreWriter& writer_;
  const FsckMode mode_;
  const RunContext& run_;
  const VerifiedMarks marks_;
  std::map<std::string, Wanted> blobs_;  ///< by hex
  std::set<std::string> lost_;
  FsckReport report_;
};

}  // namespace

std::string_view to_string(FsckFault fault) noexcept {
  using Name = std::pair<FsckFault, std::string_view>;
  constexpr std::array kNames = {
      Name{FsckFault::kMissing, "missing"}, Name{FsckFault::kWrongDigest, "wrong digest"},
      Name{FsckFault::kWrongSize, "wrong size"}, Name{FsckFault::kUnreadable, "unreadable"},
      Name{FsckFault::kManifest, "broken manifest"}};
  for (const auto& [value, name] : kNames) {
    if (value == fault) return name;
  }
  return "unknown";
}

FsckReport check_store(StoreWriter& writer, FsckMode mode, const OnFsck& on_blob,
                       const RunContext& run) {
  return Fsck(writer, mode, run).check(on_blob);
}

}  // namespace hailstone::core
