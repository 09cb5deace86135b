// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Masks of instance segmentation: each is a sum of prototypes that the network gives for the whole
// input, weighted by the detection's coefficients. Pure; any thread.

#include <span>
#include <vector>

#include "inference/tensor_session.hpp"
#include "media/placement.hpp"
#include "vision/detect/detector.hpp"
#include "vision/results.hpp"

namespace hailstone::vision {

/// Rows top-down, of each cell all channels: values.size() == width * height * channels.
struct Prototypes {
  int width = 0;
  int height = 0;
  int channels = 0;
  std::vector<float> values;
};

/// The output with the prototypes: of the maps with as many channels as the detections have
/// coefficients (32), the largest. Throws Error(kEngineFailed) where there is none.
Prototypes find_prototypes(std::span<const inference::Tensor> outputs, const DetectOptions& options,
                           int channels = 32);

/// Fills in the mask of each detection that has coefficients: sigmoid of the weighted sum, bilinear
/// within the box in the picture (what pixels_of gives), 1 above one half. The detections are in
/// pixels of the picture, placed in an input of options' size.
void make_masks(std::vector<Detection>& detections, const Prototypes& prototypes,
                const media::Placement& placement, const DetectOptions& options);

}  // namespace hailstone::vision
