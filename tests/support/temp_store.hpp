// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model store of its own for a test, in Ollama's layout; gone when the test ends.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/store/blobs/digest.hpp"

namespace hailstone::test_support {

/// What a model's manifest and config blob shall say.
struct TestModel {
  std::string name = "echo";  ///< model[:tag]
  std::string engine = "fake";
  std::string task = "chat";
  std::map<std::string, std::string> settings = {};
  std::vector<std::pair<std::string, std::string>> layers =
      {};  ///< "params" -> its text, besides model
  std::string format = "gguf";
  std::string family = "fake";
  std::string parameter_size = "1M";
  std::string quantization = "F32";
  std::string weights = "no weights";
  std::string decoder = {};
};

class TempStore {
 public:
  TempStore() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "hailstone-store-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    root_ = pattern;
  }
  ~TempStore() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  TempStore(const TempStore&) = delete;
  TempStore& operator=(const TempStore&) = delete;

  const std::filesystem::path& root() const noexcept { return root_; }

  /// Adds the model, or replaces it.
  void add(const TestModel& model) {
    nlohmann::json manifest{
        {"schemaVersion", 2},
        {"config", add_blob("application/vnd.docker.container.image.v1+json", config_of(model))},
        {"layers", {add_blob(kImage + "model", model.weights)}}};
    for (const auto& [kind, text] : model.layers) {
      manifest["layers"].push_back(add_blob(kImage + kind, text));
    }
    write(manifest_path(model.name), manifest.dump());
  }

  void remove(const std::string& name) { std::filesystem::remove(manifest_path(name)); }

 private:
  static inline const std::string kImage = "application/vnd.ollama.image.";

  static std::string config_of(const TestModel& model) {
    return nlohmann::json{{"model_format", model.format},
                          {"model_family", model.family},
                          {"model_families", {model.family}},
                          {"model_type", model.parameter_size},
                          {"file_type", model.quantization},
                          {"hailstone",
                           {{"task", model.task},
                            {"engine", model.engine},
                            {"decoder", model.decoder},
                            {"settings", model.settings}}}}
        .dump();
  }

  nlohmann::json add_blob(const std::string& media_type, const std::string& bytes) const {
    const std::string hex = core::sha256_hex(bytes);
    write(root_ / "blobs" / ("sha256-" + hex), bytes);
    return {{"mediaType", media_type}, {"digest", "sha256:" + hex}, {"size", bytes.size()}};
  }

  std::filesystem::path manifest_path(const std::string& name) const {
    const auto colon = name.find(':');
    const std::string tag = colon == std::string::npos ? "latest" : name.substr(colon + 1);
    return root_ / "manifests/registry.ollama.ai/library" / name.substr(0, colon) / tag;
  }

  static void write(const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }

  std::filesystem::path root_;
};

}  // namespace hailstone::test_support
