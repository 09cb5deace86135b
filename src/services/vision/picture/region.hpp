// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of a picture that a request is about.

#include <optional>

#include "media/codec/decode.hpp"
#include "media/shapes.hpp"

namespace hailstone::picture {

/// Whole pixels of the decoded picture.
struct Region {
  media::Box box;
  bool is_whole = false;

  /// From the decoded picture's pixels to the region's.
  media::Placement placement() const noexcept { return {1, 1, -box.x, -box.y}; }
};

/// wanted: pixels of the original picture; nothing: all of it. Throws Error(kBadRequest) where it
/// lies outside. Pure.
Region find_region(const media::DecodedImage& picture, const std::optional<media::Box>& wanted);

/// The region's pixels: the picture's own, or those that are cut into scratch.
const media::Image& cut_region(const media::DecodedImage& picture, const Region& region,
                               media::Image& scratch);

}  // namespace hailstone::picture
