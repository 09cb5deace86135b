// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenCV's classic detectors, which need no model file: what they know is in the library or in
// Debian's package opencv-data. A model is a model card (inference/model_card.hpp) with the
// settings
//   detector     people-hog, face-cascade or stereo-sgbm
//   max_side     pictures are made smaller before the work so that their longer side is at most so
//                many pixels; the results are in pixels of the given picture
//   disparities  stereo-sgbm: how many are tried, a multiple of 16; default: a sixth of the width
// What goes in and comes out stands in detectors.hpp.

#include <filesystem>
#include <memory>
#include <optional>

#include "inference/engine.hpp"

namespace hailstone::engines::opencv {

struct OpencvOptions {
  /// Where haarcascades/ stands. Nothing: where distributions put it.
  std::optional<std::filesystem::path> data;
};

std::unique_ptr<inference::Engine> make_opencv_engine(const OpencvOptions& options = {});

}  // namespace hailstone::engines::opencv
