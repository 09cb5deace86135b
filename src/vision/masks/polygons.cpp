// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "vision/masks/mask_formats.hpp"

// Outlines along the edges of pixels, with the inside on the right hand: OpenCV's contours go
// through the middles of pixels, which takes half a pixel away all around.

namespace hailstone::vision {
namespace {

using Outline = std::vector<cv::Point2f>;

struct Step {
  int x;
  int y;
};

/// Right, down, left, up: +1 is a turn to the right.
constexpr std::array<Step, 4> kSteps = {{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

class Tracer {
 public:
  explicit Tracer(const Mask& mask) : mask_(mask), seen_(mask.pixels.size()) {}

  std::vector<Outline> trace_all() {
    std::vector<Outline> outlines;
    for (int y = 0; y < mask_.height; ++y) {
      for (int x = 0; x < mask_.width; ++x) {
        if (!is_set(x, y) || is_set(x, y - 1) || seen_[index(x, y)]) continue;
        auto outline = trace(x, y);
        if (turns_right(outline)) outlines.push_back(std::move(outline));
      }
    }
    return outlines;
  }

 private:
  std::size_t index(int x, int y) const noexcept {
    return static_cast<std::size_t>(y) * mask_.width + x;
  }

  bool is_set(int x, int y) const noexcept {
    return x >= 0 && y >= 0 && x < mask_.width && y < mask_.height &&
           mask_.pixels[index(x, y)] != 0;
  }

  /// The pixel ahead of a corner, on the left (0) or the right (1) of the direction.
  bool is_ahead(int x, int y, std::size_t direction, int side) const noexcept {
    constexpr std::array<std::array<Step, 2>, 4> kAhead = {
        {{{{0, -1}, {0, 0}}}, {{{0, 0}, {-1, 0}}}, {{{-1, 0}, {-1, -1}}}, {{{-1, -1}, {0, -1}}}}};
    const Step& step = kAhead[direction][side];
    return is_set(x + step.x, y + step.y);
  }

  /// The outline that has the upper edge of this pixel; only its corners.
  Outline trace(int left, int top) {
    Outline outline;
    int x = left;
    int y = top;
    std::size_t direction = 0;
    do {
      if (direction == 0) seen_[index(x, y)] = true;
      x += kSteps[direction].x;
      y += kSteps[direction].y;
      const std::size_t before = direction;
      if (is_ahead(x, y, direction, 0)) {
        direction = (direction + 3) % 4;
      } else if (!is_ahead(x, y, direction, 1)) {
        direction = (direction + 1) % 4;
      }
      if (direction != before) outline.emplace_back(static_cast<float>(x), static_cast<float>(y));
    } while (x != left || y != top || direction != 0);
    return outline;
  }

  /// Holes turn left.
  static bool turns_right(const Outline& outline) noexcept {
    double twice = 0;
    for (std::size_t i = 0; i < outline.size(); ++i) {
      const auto& a = outline[i];
      const auto& b = outline[(i + 1) % outline.size()];
      twice += static_cast<double>(a.x) * b.y - static_cast<double>(a.y) * b.x;
    }
    return twice > 0;
  }

  const Mask& mask_;
  std::vector<bool> seen_;  ///< upper edges of pixels
};

Outline simplify(const Outline& outline, double tolerance) {
  if (tolerance <= 0) return outline;
  Outline simple;
  cv::approxPolyDP(outline, simple, tolerance, true);
  return simple.size() < 3 ? outline : simple;
}

}  // namespace

std::vector<std::vector<media::Point>> find_polygons(const Mask& mask, double x, double y,
                                                     double tolerance) {
  std::vector<std::vector<media::Point>> polygons;
  for (const auto& outline : Tracer(mask).trace_all()) {
    auto& polygon = polygons.emplace_back();
    for (const auto& corner : simplify(outline, tolerance)) {
      polygon.push_back({corner.x + x, corner.y + y});
    }
  }
  return polygons;
}

}  // namespace hailstone::vision
