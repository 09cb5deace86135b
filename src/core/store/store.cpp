// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/store.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <tuple>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/log/log.hpp"
#include "core/store/manifest.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kLargestText = 4U << 20U;

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

/// Throws Error(kNotFound) and Error(kTooLarge).
std::string read_small_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::kNotFound, "cannot read " + file.string());
  std::error_code ignored;
  if (fs::file_size(file, ignored) > kLargestText) {
    throw Error(ErrorCode::kTooLarge, file.string() + " is too large to be text");
  }
  return {std::istreambuf_iterator<char>(in), {}};
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
  append_found(root, root / "manifests", 4, parts, out);
  return out;
}

StoredModel read_model(const Found& found, const Stamp& stamp) {
  auto [model, config] = parse_manifest(read_small_file(found.manifest), found.root);
  model.name = found.name;
  model.modified = time_of(stamp);
  if (!config.empty()) apply_config(read_small_file(config), model);
  return model;
}

}  // namespace

struct Store::Cache {
  struct Entry {
    Stamp stamp;
    std::optional<StoredModel> model;  // nothing: it could not be read
  };
  std::mutex mutex;
  std::map<fs::path, Entry> entries;

  std::optional<StoredModel> model_of(const Found& found) {
    const auto stamp = find_stamp(found.manifest);
    if (!stamp) return std::nullopt;
    const std::lock_guard lock(mutex);
    const auto known = entries.find(found.manifest);
    if (known != entries.end() && known->second.stamp == *stamp) return known->second.model;
    Entry& entry = entries[found.manifest] = {*stamp, std::nullopt};
    // A model that cannot be read must not hide the others; this is the store's catch point.
    try {
      entry.model = read_model(found, *stamp);
    } catch (const Error& error) {
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
  constexpr std::string_view kPrefix = "application/vnd.ollama.image.";
  for (const auto& layer : layers) {
    const std::string_view type = layer.media_type;
    if (type.starts_with(kPrefix) && type.substr(kPrefix.size()) == kind) return &layer;
  }
  return nullptr;
}

std::vector<const Layer*> StoredModel::find_layers(std::string_view kind) const {
  std::vector<const Layer*> out;
  for (const auto& layer : layers) {
    if (layer.media_type == "application/vnd.ollama.image." + std::string(kind)) {
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
      if (auto model = cache_->model_of(found)) out.push_back(std::move(*model));
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const StoredModel& a, const StoredModel& b) {
    return a.modified > b.modified;
  });
  return out;
}

std::optional<StoredModel> Store::find(const ModelName& name) const {
  for (const auto& root : roots_) {
    const fs::path exact = root / "manifests" / name.host / name.ns / name.model / name.tag;
    if (auto model = cache_->model_of({name, exact, root})) return model;
  }
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

std::string read_layer(const Layer& layer) {
  return read_small_file(layer.path);
}

}  // namespace hailstone::core
