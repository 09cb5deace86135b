// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/known/recognise.hpp"

#include <algorithm>

#include "vision/known/rules.hpp"

namespace hailstone::vision {
namespace {

// In this order: what is told by names before what is told by shapes, and the more special shape
// before the more general one.
constexpr Rule kRules[] = {
    recognise_voice_activity,  // no picture at all
    recognise_hailo_nms,       // "nms" in the name of a HEF's output
    recognise_named_faces,     // YuNet, SCRFD
    recognise_named_boxes,     // TensorFlow's and DETR's names, RTMO
    recognise_depth,           // by names, or a map as large as the picture
    recognise_clip,            // "image_embeds"
    recognise_yolo_table,      // as many rows as the input has cells
    recognise_raw_maps,        // heads of a HEF
    recognise_shaped_faces,    // SCRFD, RetinaFace, UltraFace by last dimensions
    recognise_text,            // PaddleOCR
    recognise_semantic,        // a score for each pixel and class
    recognise_embedding,       // 112 x 112 or 256 x 128 to a vector
    recognise_classifier,      // a vector of scores
};

}  // namespace

std::optional<KnownNetwork> recognise(std::span<const inference::TensorInfo> inputs,
                                      std::span<const inference::TensorInfo> outputs,
                                      const std::map<std::string, std::string>& metadata) {
  if (inputs.empty() || outputs.empty()) return std::nullopt;
  const Network network(inputs, outputs, metadata);
  for (const Rule rule : kRules) {
    if (auto known = rule(network)) return known;
  }
  return std::nullopt;
}

}  // namespace hailstone::vision
