// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The models on disk, in Ollama's layout: manifests/<host>/<namespace>/<model>/<tag> and
// blobs/sha256-<hex>, in one or more roots. The first root is the writable one; none hides another,
// and a manifest of one may name blobs of another. Writing is store_writer.hpp's.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_size.hpp"
#include "base/clock.hpp"
#include "core/store/model_name.hpp"

namespace hailstone::core {

/// The media types of layers, as registries and Ollama name them. The kind follows the first.
inline const std::string kImageLayer = "application/vnd.ollama.image.";
inline const std::string kConfigLayer = "application/vnd.docker.container.image.v1+json";

/// The kinds of layer that are networks beside the model's own, sorted: "recogniser", ...
std::span<const std::string_view> network_kinds() noexcept;

struct Layer {
  std::string media_type;
  std::string digest;  ///< "sha256:<64 hex>"
  ByteSize size;
  std::filesystem::path path;
  std::string from;  ///< the model that it was taken over from, as Ollama writes it; mostly empty
};

/// A model as its manifest and config blob describe it. A value; the files may go any time.
struct StoredModel {
  ModelName name;
  std::filesystem::path root;      ///< where its manifest stands
  std::filesystem::path manifest;  ///< the file
  std::string digest;              ///< SHA-256 of the manifest's bytes, 64 hex digits
  ByteSize size;                   ///< of all layers
  WallTime modified;
  std::vector<Layer> layers;
  std::optional<Layer> config;

  // From the config blob.
  std::string format;  ///< "gguf"
  std::string family;  ///< "llama"
  std::vector<std::string> families;
  std::string parameter_size;  ///< "1.2B"
  std::string quantization;    ///< "Q4_K_M"
  std::string parent;
  std::string task;                             ///< "chat", "embed", "detect", ...
  std::string engine;                           ///< which engine runs it
  std::string decoder;                          ///< how a vision network's output is read
  std::string licence;                          ///< SPDX
  std::map<std::string, std::string> settings;  ///< for the engine

  /// The first layer of that kind: "model", "projector", "template", "system", "params", ...
  const Layer* find_layer(std::string_view kind) const noexcept;
  std::vector<const Layer*> find_layers(std::string_view kind) const;
};

/// Thread-safe. Reads the disk at each call, through a cache keyed by the manifests' stamps.
class Store {
 public:
  /// Roots that do not exist are simply empty.
  explicit Store(std::vector<std::filesystem::path> roots);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Newest first. A manifest that cannot be read is left out and logged once.
  std::vector<StoredModel> list() const;
  /// Upper and lower case are the same where no model has exactly that name.
  std::optional<StoredModel> find(const ModelName& name) const;
  /// Without looking through all models.
  std::optional<StoredModel> find_exact(const ModelName& name) const;
  /// Throws Error(kNotFound, "model 'x' not found") with the names that are there as detail.
  StoredModel require(const std::string& name) const;
  /// What the manifest would make of the name, with its blobs' places; nothing is written or
  /// listed. Throws Error(kBadRequest) for a manifest or a config that cannot be read.
  StoredModel preview(const ModelName& name, std::string_view manifest) const;

  /// The file of a blob, in the first root that has it. Nothing for a text that is not a digest.
  std::optional<std::filesystem::path> find_blob(std::string_view digest) const;

  const std::vector<std::filesystem::path>& roots() const noexcept { return roots_; }

 private:
  struct Cache;
  void find_files(StoredModel& model) const;

  std::vector<std::filesystem::path> roots_;
  std::unique_ptr<Cache> cache_;
};

/// The text of a small layer (template, system, params, license). Throws Error(kNotFound), and
/// Error(kTooLarge) above 4 MiB.
std::string read_layer(const Layer& layer);

/// Every file under a root's manifests, whether it is one or not: other programs put more there
/// than we know. Nothing where a folder cannot be read: then nobody knows which blobs are in use.
std::optional<std::vector<std::filesystem::path>> find_manifest_files(
    const std::filesystem::path& root);

}  // namespace hailstone::core
