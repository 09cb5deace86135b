// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A picture to draw results on: boxes, labels, outlines, skeletons and masks. Lines and letters
// grow with the picture.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "media/image.hpp"
#include "media/plane.hpp"
#include "media/shapes.hpp"

namespace hailstone::media {

struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  bool operator==(const Color&) const = default;
};

/// Neighbouring numbers get colours that are easy to tell apart; the same number always the same.
Color class_color(int class_id) noexcept;

/// Two indices of points that a skeleton's bone joins.
using Bone = std::pair<int, int>;

/// Of COCO's 17 keypoints, nose first; indices from 0.
std::span<const Bone> coco_bones() noexcept;

/// One thread at a time. Coordinates are the picture's pixels (shapes.hpp); what lies outside is
/// not drawn, and no coordinate is an error.
class Canvas {
 public:
  explicit Canvas(Image image);

  void draw_box(const Box& box, Color color);
  void draw_polygon(std::span<const Point> corners, Color color);
  /// Joints that are missing are left away, and the bones that need them.
  void draw_skeleton(std::span<const std::optional<Point>> joints, std::span<const Bone> bones,
                     Color color);
  /// Tints the pixels that are not 0, half through. The mask covers the box, at any resolution.
  void draw_mask(const Plane<std::uint8_t>& mask, const Box& box, Color color);
  /// On a ground of that colour whose lower left corner is at the point, or as near as the whole
  /// label fits into the picture. Black or white letters, whichever reads better; what is not ASCII
  /// is shown as "?".
  void draw_label(std::string_view text, const Point& at, Color color);

  const Image& image() const noexcept { return image_; }
  Image take() && { return std::move(image_); }

 private:
  Image image_;
  int line_width_;
  double text_scale_;
};

}  // namespace hailstone::media
