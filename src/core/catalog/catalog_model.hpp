// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the catalogue says of a model that can be pulled: plain values, and the words that they may
// use. docs/catalog.md describes the files that they come from.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_size.hpp"

namespace hailstone::core {

/// How a picture becomes the network's input: (value - mean) / std for each channel of a 0..255
/// pixel.
struct CatalogInput {
  int width = 0;  ///< zero, or the next: any
  int height = 0;
  int channels = 3;
  std::string layout;  ///< "nchw", "nhwc"
  std::string color;   ///< "rgb", "bgr", "gray"
  std::string resize;  ///< "letterbox", "letterbox-top-left", "stretch", "crop"
  int pad = 0;         ///< the value around a letterboxed picture
  std::vector<double> mean;
  std::vector<double> std;
  int multiple = 0;  ///< of which a side that may be any has to be; zero: the usual
  int min_side = 0;  ///< of a picture's larger side for an input of any size; zero: the usual
  int max_side = 0;  ///< of a picture for an input of any size; zero: the usual
};

struct CatalogFile {
  std::string kind;  ///< of the layer that it becomes: "model", "projector", "labels", ...
  std::string url;
  std::optional<ByteSize> size;            ///< nothing: not known before the download
  std::string sha256;                      ///< 64 hex digits; empty: recorded at the first download
  std::optional<CatalogInput> input = {};  ///< of a further network
};

/// A model as one engine runs it. Either files or a registry's model.
struct CatalogVariant {
  std::string engine;   ///< "hailo", "onnx", "llama", "whisper"
  std::string format;   ///< "hef", "onnx", "gguf", "ggml"
  std::string runtime;  ///< the oldest version of the engine's runtime that can load it: "5.2"
  std::string decoder;  ///< how its output is read
  std::string quantization;
  std::string registry;  ///< name in a registry that speaks Ollama's protocol: "qwen2.5:0.5b"
  std::vector<CatalogFile> files;
  std::optional<CatalogInput> input;
  ByteSize host_memory;  ///< what it takes while loaded; zero: not known
  ByteSize npu_memory;
  std::map<std::string, std::string> settings;  ///< for the engine alone

  /// Nothing where a file's size, or the registry's, is not known.
  std::optional<ByteSize> size() const noexcept;
};

struct CatalogModel {
  std::string name;  ///< "yolox-nano", "qwen2.5:0.5b"
  std::string task;
  std::string description;
  std::string licence;  ///< SPDX: "Apache-2.0", "LicenseRef-Llama-3.2"
  std::string family;
  std::string parameters;   ///< "0.9M", "1.5B"
  std::string labels;       ///< name of a label set, see labels.hpp
  bool is_default = false;  ///< what to take where only the task is named: one for each engine
  std::vector<CatalogVariant> variants;
};

/// The words that the catalogue knows, each list sorted.
std::span<const std::string_view> catalog_tasks() noexcept;
std::span<const std::string_view> catalog_decoders() noexcept;
std::span<const std::string_view> catalog_file_kinds() noexcept;

/// Whether a licence lets everybody use the model for everything without giving away more than its
/// notice: what may be a default.
bool is_permissive(std::string_view licence) noexcept;

}  // namespace hailstone::core
