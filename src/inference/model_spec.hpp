// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an engine needs to know to load a model: files and options, no names of services.

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::inference {

struct ModelSpec {
  std::string name;    ///< for messages and logs: "starter-chat:latest"
  std::string engine;  ///< which engine runs it: "llama"
  std::filesystem::path weights;
  std::vector<std::filesystem::path> projectors;  ///< multimodal projectors of a VLM
  std::vector<std::filesystem::path> adapters;    ///< LoRA adapters
  /// Further networks of the model, by the kind of their layer: "recogniser", "text-encoder".
  std::map<std::string, std::filesystem::path, std::less<>> networks;
  /// Settings that only the engine understands, from the manifest. The fake's whole script is here.
  std::map<std::string, std::string> settings;
  std::string exclusive_group{};  ///< of whose models only one is loaded at a time; empty: none

  bool operator==(const ModelSpec&) const = default;
};

/// A further network as if it were the model: its weights, and of the settings those that end in
/// its kind ("input.recogniser"), without that. The network is one of spec's. Pure.
ModelSpec network_spec(const ModelSpec& spec, std::string_view kind);

/// What may differ from one load of a model to the next. A change reloads the model. Zero: the
/// engine's default.
struct LoadOptions {
  int context_length = 0;  ///< tokens per sequence
  int parallel = 0;        ///< sequences at the same time
  int threads = 0;
  int batch_size = 0;
  bool use_mmap = true;

  bool operator==(const LoadOptions&) const noexcept = default;
};

}  // namespace hailstone::inference
