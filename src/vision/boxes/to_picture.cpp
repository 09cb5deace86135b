// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/boxes/to_picture.hpp"

#include <algorithm>
#include <cmath>

namespace hailstone::vision {
namespace {

using media::Placement;

bool is_finite(const Box& box) noexcept {
  return std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) &&
         std::isfinite(box.height);
}

Box clip(const Box& box, double width, double height) noexcept {
  const double left = std::clamp(box.x, 0.0, width);
  const double top = std::clamp(box.y, 0.0, height);
  return {left, top, std::clamp(box.x + box.width, 0.0, width) - left,
          std::clamp(box.y + box.height, 0.0, height) - top};
}

Box move_box(const Box& box, const Placement& placement) noexcept {
  return {placement.to_picture_x(box.x), placement.to_picture_y(box.y),
          box.width / placement.scale_x, box.height / placement.scale_y};
}

/// Where the axes are not scaled alike, a turned rectangle becomes a rhomboid: its sides keep their
/// length, and the angle is that of its width.
void move_turned(Detection& found, const Placement& placement) noexcept {
  const double cos = std::cos(found.angle);
  const double sin = std::sin(found.angle);
  const Box& box = found.box;
  const double x = placement.to_picture_x(box.x + box.width / 2);
  const double y = placement.to_picture_y(box.y + box.height / 2);
  const double width =
      std::hypot(box.width * cos / placement.scale_x, box.width * sin / placement.scale_y);
  const double height =
      std::hypot(box.height * sin / placement.scale_x, box.height * cos / placement.scale_y);
  found.angle = std::atan2(sin / placement.scale_y, cos / placement.scale_x);
  found.box = {x - width / 2, y - height / 2, width, height};
}

/// The mask of the input's box, looked up for each pixel of the picture's box.
Mask move_mask(const Mask& mask, const Box& input_box, const Box& box, const Placement& placement) {
  const PixelBox area = pixels_of(box);
  Mask moved{area.width, area.height, {}};
  moved.pixels.resize(static_cast<std::size_t>(area.width) * area.height);
  const auto look_up = [](double place, double begin, int size) {
    return static_cast<int>(std::clamp(std::floor(place - begin), 0.0, size - 1.0));
  };
  std::vector<int> columns(static_cast<std::size_t>(area.width));
  for (int x = 0; x < area.width; ++x) {
    const double place = (area.x + x + 0.5) * placement.scale_x + placement.offset_x;
    columns[x] = look_up(place, input_box.x, mask.width);
  }
  auto out = moved.pixels.begin();
  for (int y = 0; y < area.height; ++y) {
    const double place = (area.y + y + 0.5) * placement.scale_y + placement.offset_y;
    const auto* row =
        mask.pixels.data() +
        static_cast<std::size_t>(look_up(place, input_box.y, mask.height)) * mask.width;
    for (int x = 0; x < area.width; ++x) *out++ = row[columns[x]];
  }
  return moved;
}

void move_keypoints(std::vector<Keypoint>& points, const Placement& placement) noexcept {
  for (auto& point : points) {
    point.x = placement.to_picture_x(point.x);
    point.y = placement.to_picture_y(point.y);
  }
}

/// False: it is not in the picture.
bool move_one(Detection& found, const Placement& placement, double width, double height) {
  if (!is_finite(found.box) || !std::isfinite(found.angle)) return false;
  move_keypoints(found.keypoints, placement);
  if (found.angle != 0) {
    move_turned(found, placement);
    const double x = found.box.x + found.box.width / 2;
    const double y = found.box.y + found.box.height / 2;
    return x >= 0 && x <= width && y >= 0 && y <= height && found.box.width > 0 &&
           found.box.height > 0;
  }
  const Box before = found.box;
  found.box = clip(move_box(before, placement), width, height);
  if (!(found.box.width > 0 && found.box.height > 0)) return false;
  if (!found.mask.pixels.empty()) {
    found.mask = move_mask(found.mask, before, found.box, placement);
  }
  return true;
}

}  // namespace

PixelBox pixels_of(const Box& box) noexcept {
  static constexpr double kFar = 1 << 24;
  const auto whole = [](double value) { return static_cast<int>(std::clamp(value, -kFar, kFar)); };
  const int x = whole(std::floor(box.x));
  const int y = whole(std::floor(box.y));
  return {x, y, std::max(whole(std::ceil(box.x + box.width)) - x, 0),
          std::max(whole(std::ceil(box.y + box.height)) - y, 0)};
}

std::vector<Detection> to_picture(std::vector<Detection> detections, const Placement& placement,
                                  int width, int height) {
  std::vector<Detection> moved;
  moved.reserve(detections.size());
  for (auto& found : detections) {
    if (move_one(found, placement, width, height)) moved.push_back(std::move(found));
  }
  return moved;
}

}  // namespace hailstone::vision
