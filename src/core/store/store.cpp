// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/store.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <tuple>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"
#include "core/store/manifest.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kNetworkKinds[] = {"embedding", "language-model", "melspectrogram",
                                              "recogniser", "text-encoder"};

/// What changes when a manifest does.
using Stamp = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::uint64_t>;

std::optional<Stamp> find_stamp(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return Stamp{info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_size, info.st_ino};
}

WallTime time_of(const Stamp& stamp) {
  return WallTime{} + std::chrono::seconds(std::get<0>(stamp)) +
         std::chrono::duration_cast<WallTime::duration>(
             std::chrono::nanoseconds(std::get<1>(stamp)));
}

/// The entries of a folder that could be a part of a name; none if it cannot be read.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().front() != '.') out.push_back(it->path());
  }
  return out;
}

struct Found {
  ModelName name;
  fs::path manifest;
  fs::path root;
};

void append_found(const fs::path& root, const fs::path& folder, int depth,
                  std::vector<std::string>& parts, std::vector<Found>& out) {
  for (const auto& entry : entries_of(folder)) {
    parts.push_back(entry.filename().string());
    if (depth > 1) {
      append_found(root, entry, depth - 1, parts, out);
    } else if (const auto name =
                   find_model_name(parts[0] + "/" + parts[1] + "/" + parts[2] + ":" + parts[3])) {
      out.push_back({*name, entry, root});
    }
    parts.pop_back();
  }
}

/// Every manifest of a root: manifests/<host>/<namespace>/<model>/<tag>.
std::vector<Found> manifests_of(const fs::path& root) {
  std::vector<Found> out;
  std::vector<std::string> parts;
  append_found(root, manifests_folder(root), 4, parts, out);
  return out;
}

/// The config may be in another root than the manifest.
std::optional<fs::path> find_blob_in(const std::vector<fs::path>& roots, std::string_view digest) {
  for (const auto& root : roots) {
    const auto path = find_blob_path(root, digest);
    if (path && is_store_file(*path, roots)) return path;
  }
  return std::nullopt;
}

void read_config(StoredModel& model, const std::vector<fs::path>& roots) {
  if (!model.config) return;
  const auto config = find_blob_in(roots, model.config->digest);
  apply_config(read_small_file(config.value_or(model.config->path)), model);
}

StoredModel read_model(const Found& found, const Stamp& stamp, const std::vector<fs::path>& roots) {
  StoredModel model = parse_manifest(read_small_file(found.manifest), found.root);
  model.name = found.name;
  model.root = found.root;
  model.manifest = found.manifest;
  model.modified = time_of(stamp);
  read_config(model, roots);
  return model;
}

}  // namespace

std::span<const std::string_view> network_kinds() noexcept {
  return kNetworkKinds;
}

struct Store::Cache {
  struct Entry {
    Stamp stamp;
    std::optional<StoredModel> model;  // nothing: it could not be read
  };
  std::mutex mutex;
  std::map<fs::path, Entry> entries;
  std::set<fs::path> left_out;

  /// Says so once, until the daemon is started anew.
  void leave_out(const fs::path& manifest, const std::string& why) {
    {
      const std::lock_guard lock(mutex);
      if (!left_out.insert(manifest).second) return;
    }
    log::warning("store", "model left out", {{"manifest", manifest.string()}, {"why", why}});
  }

  std::optional<StoredModel> model_of(const Found& found, const std::vector<fs::path>& roots) {
    const auto stamp = find_stamp(found.manifest);
    if (!stamp) return std::nullopt;
    const std::lock_guard lock(mutex);
    const auto known = entries.find(found.manifest);
    const bool same = known != entries.end() && known->second.stamp == *stamp;
    if (same && known->second.model) return known->second.model;
    Entry& entry = entries[found.manifest] = {*stamp, std::nullopt};
    // A model that cannot be read must not hide the others; this is the store's catch point.
    try {
      entry.model = read_model(found, *stamp, roots);
    } catch (const Error& error) {
      // Asked for again each time: the blob that is missing may come. Said once.
      if (same) return std::nullopt;
      log::warning("store", "model left out",
                   {{"manifest", found.manifest.string()}, {"why", error.what()}});
    }
    return entry.model;
  }
};

Store::Store(std::vector<fs::path> roots)
    : roots_(std::move(roots)), cache_(std::make_unique<Cache>()) {}

Store::~Store() = default;

const Layer* StoredModel::find_layer(std::string_view kind) const noexcept {
  for (const auto& layer : layers) {
    const std::string_view type = layer.media_type;
    if (type.starts_with(kImageLayer) && type.substr(kImageLayer.size()) == kind) return &layer;
  }
  return nullptr;
}

std::vector<const Layer*> StoredModel::find_layers(std::string_view kind) const {
  std::vector<const Layer*> out;
  for (const auto& layer : layers) {
    if (layer.media_type == kImageLayer + std::string(kind)) {
      out.push_back(&layer);
    }
  }
  return out;
}

std::vector<StoredModel> Store::list() const {
  std::vector<StoredModel> out;
  for (const auto& root : roots_) {
    for (const auto& found : manifests_of(root)) {
      const bool known = std::any_of(out.begin(), out.end(), [&](const StoredModel& model) {
        return same_name(model.name, found.name);
      });
      if (known) continue;
      auto model = cache_->model_of(found, roots_);
      if (model) find_files(*model);
      if (model && !model->layers.empty()) out.push_back(std::move(*model));
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const StoredModel& a, const StoredModel& b) {
    return a.modified > b.modified;
  });
  return out;
}

std::optional<StoredModel> Store::find_exact(const ModelName& name) const {
  for (const auto& root : roots_) {
    auto model = cache_->model_of({name, manifest_path(root, name), root}, roots_);
    if (model) find_files(*model);
    if (model && !model->layers.empty()) return model;
  }
  return std::nullopt;
}

std::optional<StoredModel> Store::find(const ModelName& name) const {
  if (auto model = find_exact(name)) return model;
  for (auto& model : list()) {
    if (same_name(model.name, name)) return std::move(model);
  }
  return std::nullopt;
}

StoredModel Store::require(const std::string& name) const {
  auto model = find(parse_model_name(name));
  if (model) return *std::move(model);
  std::vector<std::string> names;
  for (const auto& known : list()) names.push_back(known.name.display());
  throw Error(ErrorCode::kNotFound, "model '" + name + "' not found",
              names.empty() ? "no model is installed" : "available models: " + join(names, ", "));
}

StoredModel Store::preview(const ModelName& name, std::string_view manifest) const {
  StoredModel model = parse_manifest(manifest, roots_.front());
  model.name = name;
  read_config(model, roots_);
  find_files(model);
  return model;
}

std::optional<fs::path> Store::find_blob(std::string_view digest) const {
  return find_blob_in(roots_, digest);
}

/// Leaves no layers where one is something that must not be opened.
void Store::find_files(StoredModel& model) const {
  const auto locate = [&](Layer& layer) {
    if (is_store_file(layer.path, roots_)) return true;
    if (auto path = find_blob(layer.digest)) {
      layer.path = *std::move(path);
      return true;
    }
    // What is missing may come. What is something else would be opened by whoever is given its
    // path.
    std::error_code error;
    if (!fs::exists(fs::symlink_status(layer.path, error))) return true;
    cache_->leave_out(model.manifest,
                      layer.path.string() + " is no file, or a link that leads out of the store");
    return false;
  };
  bool is_good = std::all_of(model.layers.begin(), model.layers.end(), locate);
  if (model.config) is_good = locate(*model.config) && is_good;
  if (!is_good) model.layers.clear();
}

std::optional<std::vector<fs::path>> find_manifest_files(const fs::path& root) {
  constexpr int kDeepest = 8;
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& top : entries_of(root)) {
    if (!top.filename().string().starts_with("manifests")) continue;
    const auto options = fs::directory_options::follow_directory_symlink;
    for (fs::recursive_directory_iterator it(top, options, error), end; !error && it != end;
         it.increment(error)) {
      if (it.depth() >= kDeepest) it.disable_recursion_pending();
      if (!it->is_directory(error)) out.push_back(it->path());
    }
    if (error) return std::nullopt;
  }
  return out;
}

std::string read_layer(const Layer& layer) {
  return read_small_file(layer.path);
}

}  // namespace hailstone::core
