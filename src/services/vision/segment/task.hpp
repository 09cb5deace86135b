// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What belongs together in a picture, as plain values.

#include <cstdint>
#include <optional>

#include "services/vision/picture/object_request.hpp"
#include "vision/dense/class_map.hpp"

namespace hailstone::segment {

enum class Kind : std::uint8_t {
  kInstance,  ///< each object for itself
  kSemantic,  ///< each pixel's class
};

struct Task {
  picture::ObjectTask objects;
  double least_share = 0;    ///< of a class among the pixels, 0 to 1; objects have the threshold
  std::optional<Kind> kind;  ///< nothing: the model's; without a model, instances first
};

struct Result {
  /// Of semantic segmentation: one for each class, its share of the pixels as the score.
  picture::ObjectResult objects;
  Kind kind = Kind::kInstance;
  vision::ClassMap map;  ///< of semantic segmentation: of the picture or its region
};

}  // namespace hailstone::segment
