// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoders of everything that finds objects: outputs of a network to detections, by the decoder's
// name in the catalogue. Pure functions; any thread.

#include <span>
#include <string_view>
#include <vector>

#include "inference/tensor_session.hpp"
#include "vision/boxes/suppress.hpp"
#include "vision/results.hpp"
#include "vision/tensors/float_tensor.hpp"

namespace hailstone::vision {

/// A prior box of SSD: middle and size, 0 to 1 of the input.
struct Anchor {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

struct DetectOptions {
  double score_threshold = 0.25;
  Suppression suppression;
  std::vector<int> classes;  ///< only these; empty: all
  int class_count = 0;       ///< how many labels the model has; 0: as many as its tensors say
  int input_width = 0;       ///< of the network's input, in pixels: what the boxes are measured in
  int input_height = 0;
  std::vector<Anchor> anchors;             ///< of "ssd" before its own suppression
  std::vector<Quantization> quantization;  ///< of each output; empty: none
};

struct Detector {
  std::string_view name;
  /// Detections in pixels of the network's input, best first, suppressed, at most
  /// suppression.max_detections. Throws Error(kEngineFailed) that names expected and found shape,
  /// Error(kBadRequest) for options that make no sense.
  std::vector<Detection> (*decode)(std::span<const inference::Tensor> outputs,
                                   const DetectOptions& options);
  double score_threshold;  ///< usual for this decoder
  double iou_threshold;
};

/// Nothing for a name that decodes no objects. Lives for ever.
const Detector* find_detector(std::string_view name) noexcept;

/// All of them, sorted by name.
std::span<const Detector> detectors() noexcept;

}  // namespace hailstone::vision
