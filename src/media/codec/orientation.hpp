// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// EXIF's orientation: how a picture must be turned to be seen as it was taken.

#include <string_view>

#include "media/image.hpp"

namespace hailstone::media {

/// exif: a TIFF structure, with or without "Exif\0\0" before it. 1 where it says nothing, or is
/// broken: a picture is still a picture. Pure.
int find_exif_orientation(std::string_view exif) noexcept;

/// What brings stored pixels to where one sees them: the axes change places first.
struct Turn {
  bool swaps_axes = false;
  bool flips_x = false;
  bool flips_y = false;
};

/// orientation: 1 to 8; anything else is 1.
Turn turn_of(int orientation) noexcept;

Image turned(Image image, const Turn& turn);

}  // namespace hailstone::media
