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

/// The mask of one detection: sigmoid of the weighted sum, bilinear within the box in the picture
/// (what pixels_of gives), 1 above one half. The detection is in pixels of the picture, which is
/// placed in an input of options' size. Empty where it has no coefficients. Throws
/// Error(kEngineFailed) where it has another number of them than there are prototypes.
Mask make_mask(const Detection& detection, const Prototypes& prototypes,
               const media::Placement& placement, const DetectOptions& options);

/// Fills in the masks of all. Each has as many bytes as its box has pixels: with large pictures
/// and many objects rather make one at a time, write it, and let it go.
void make_masks(std::vector<Detection>& detections, const Prototypes& prototypes,
                const media::Placement& placement, const DetectOptions& options);

}  // namespace hailstone::vision
