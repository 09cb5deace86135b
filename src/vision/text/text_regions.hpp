// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where text is: the probability map of DB (differentiable binarisation, Liao et al. 2020;
// PaddleOCR's detectors) to boxes. Pure; any thread.

#include <array>
#include <vector>

#include "inference/tensor_session.hpp"
#include "media/shapes.hpp"
#include "vision/tensors/float_tensor.hpp"

namespace hailstone::vision {

struct TextRegion {
  /// Top left, top right, bottom right, bottom left as the text is read; pixels of the input.
  std::array<media::Point, 4> corners;
  double score = 0;  ///< mean probability within the box, 0 to 1
};

struct TextRegionOptions {
  double pixel_threshold = 0.3;  ///< what is text
  double score_threshold = 0.6;  ///< of a box
  double unclip_ratio = 1.5;  ///< the network learnt shrunk boxes: grow by area * ratio / perimeter
  double min_side = 3;        ///< pixels of the map, before it grows
  int max_regions = 1000;
  int input_width = 0;  ///< of the network's input; zero: as large as the map
  int input_height = 0;
  Quantization quantization;  ///< of an integer map; as it is here, uint8 means value / 255
};

/// In reading order: lines from the top, each from the left. Throws Error(kEngineFailed) for a
/// tensor that is no map of one channel.
std::vector<TextRegion> find_text_regions(const inference::Tensor& map,
                                          const TextRegionOptions& options);

}  // namespace hailstone::vision
