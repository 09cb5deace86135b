// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A picture brought to the size of a network's input.

#include <cstdint>

#include "media/image.hpp"
#include "media/placement.hpp"

namespace hailstone::media {

enum class Fit : std::uint8_t {
  kLetterbox,         ///< the whole picture, its shape kept, in the middle; the rest is padding
  kLetterboxTopLeft,  ///< the same at the top left: all padding is below or on the right
  kStretch,           ///< the whole picture, its shape not kept
  kCrop,              ///< the largest middle part of the right shape
};

enum class Filter : std::uint8_t {
  kLinear,  ///< as cv2.INTER_LINEAR, which most networks were trained with
  kArea,    ///< where it shrinks, the mean of all pixels that become one: no aliasing, slower
};

struct FitOptions {
  int width = 0;  ///< of the result, at least 1
  int height = 0;
  Fit fit = Fit::kLetterbox;
  Filter filter = Filter::kLinear;
  std::uint8_t pad = 114;  ///< all channels of the padding
};

struct FittedImage {
  Image image;
  Placement placement;  ///< from the given picture to the image
};

/// One pass. Letterboxing rounds as Ultralytics' LetterBox does: the picture's size to the nearest
/// pixel, an odd row or column of padding goes to the bottom and the right. Pure; any thread.
FittedImage fit_image(const Image& image, const FitOptions& options);

}  // namespace hailstone::media
