// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parts of a picture: upright, or turned and scaled so that given points come to given places.

#include <array>
#include <cstdint>
#include <span>

#include "media/image.hpp"
#include "media/shapes.hpp"

namespace hailstone::media {

/// The part of the picture within the box, whose edges go to the nearest pixel. The part of the box
/// outside of the picture is left away; where nothing remains the result is empty (0 x 0).
Image crop(const Image& image, const Box& box);

/// x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5].
struct Affine {
  std::array<double, 6> m = {1, 0, 0, 0, 1, 0};

  constexpr Point apply(const Point& point) const noexcept {
    return {m[0] * point.x + m[1] * point.y + m[2], m[3] * point.x + m[4] * point.y + m[5]};
  }
};

/// The turn, scale and shift (no mirroring, no shear) that brings the points closest to their
/// places, by least squares (Umeyama 1991, in the plane): how faces are aligned by their five
/// landmarks. As many places as points, at least two. Throws Error(kBadRequest) where all points
/// are the same.
Affine find_similarity(std::span<const Point> points, std::span<const Point> places);

/// The picture under the transform, as width x height pixels; bilinear, pad where the picture has
/// nothing. Points are in the coordinates of shapes.hpp. Throws Error(kBadRequest) for a transform
/// that has no inverse.
Image warp(const Image& image, const Affine& transform, int width, int height,
           std::uint8_t pad = 0);

/// The four-sided part with these corners (top left, top right, bottom right, bottom left, as its
/// text is read) made upright: width x height pixels, bicubic, as readers of text were trained.
/// Throws Error(kBadRequest) where three of them are on a line.
Image unwarp(const Image& image, const std::array<Point, 4>& corners, int width, int height);

}  // namespace hailstone::media
