// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/catalog_model.hpp"

#include <algorithm>
#include <array>

namespace hailstone::core {
namespace {

constexpr std::string_view kTasks[] = {
    "chat",       "classify", "depth", "detect",       "detect-oriented", "embed",   "face-detect",
    "face-embed", "lane",     "ocr",   "person-embed", "plate-read",      "pose",    "rerank",
    "segment",    "semantic", "speak", "stereo",       "transcribe",      "upscale", "vad",
    "vlm",        "wake"};

constexpr std::string_view kDecoders[] = {"boxes",
                                          "centernet",
                                          "centerpose",
                                          "class-map",
                                          "clip",
                                          "ctc",
                                          "ctc-plate",
                                          "db",
                                          "depth",
                                          "detr",
                                          "disparity",
                                          "embedding",
                                          "espcn",
                                          "inverse-depth",
                                          "lightface",
                                          "logits",
                                          "metric-depth",
                                          "nanodet",
                                          "nms-by-class",
                                          "nms-by-score",
                                          "nms-with-byte-mask",
                                          "openwakeword",
                                          "piper",
                                          "ppocr",
                                          "retinaface",
                                          "rgb",
                                          "rtmo",
                                          "scdepth",
                                          "scrfd",
                                          "silero",
                                          "ssd",
                                          "ufld",
                                          "yolact",
                                          "yolov10",
                                          "yolov5",
                                          "yolov5-seg",
                                          "yolov7-nms",
                                          "yolov8",
                                          "yolov8-obb",
                                          "yolov8-pose",
                                          "yolov8-seg",
                                          "yolox",
                                          "yunet"};

constexpr std::string_view kFileKinds[] = {
    "adapter",   "embedding",  "labels",       "language-model", "melspectrogram", "model",
    "projector", "recogniser", "text-encoder", "tokenizer",      "voice"};

constexpr std::string_view kPermissive[] = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "MIT"};

}  // namespace

std::optional<ByteSize> CatalogVariant::size() const noexcept {
  if (files.empty()) return std::nullopt;
  ByteSize sum;
  for (const auto& file : files) {
    if (!file.size) return std::nullopt;
    sum += *file.size;
  }
  return sum;
}

std::span<const std::string_view> catalog_tasks() noexcept {
  return kTasks;
}

std::span<const std::string_view> catalog_decoders() noexcept {
  return kDecoders;
}

std::span<const std::string_view> catalog_file_kinds() noexcept {
  return kFileKinds;
}

bool is_permissive(std::string_view licence) noexcept {
  return std::find(std::begin(kPermissive), std::end(kPermissive), licence) !=
         std::end(kPermissive);
}

}  // namespace hailstone::core
