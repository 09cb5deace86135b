// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/formats/yolo_text.hpp"

#include <algorithm>
#include <cstdio>

#include "base/strings.hpp"
#include "vision/boxes/corners.hpp"
#include "vision/boxes/to_picture.hpp"
#include "vision/masks/mask_formats.hpp"

namespace hailstone::picture {
namespace {

/// One line; what lies outside of the picture is moved to its edge.
class Line {
 public:
  Line(int class_id, Size picture) : text_(std::to_string(class_id)), picture_(picture) {}

  void add_point(double x, double y) {
    add(x / std::max(picture_.width, 1));
    add(y / std::max(picture_.height, 1));
  }
  std::string finish() && { return std::move(text_) + "\n"; }

 private:
  void add(double part) {
    char digits[32];
    std::snprintf(digits, sizeof digits, " %.6f", std::clamp(part, 0.0, 1.0));
    text_ += digits;
  }

  std::string text_;
  Size picture_;
};

double area_of(const std::vector<media::Point>& outline) {
  double twice = 0;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const auto& a = outline[i];
    const auto& b = outline[(i + 1) % outline.size()];
    twice += a.x * b.y - a.y * b.x;
  }
  return twice;
}

}  // namespace

std::string write_yolo_boxes(const ObjectResult& result) {
  std::string text;
  for (const auto& found : result.detections) {
    Line line(found.class_id, result.size);
    if (result.is_oriented) {
      for (const auto& corner : vision::corners_of(found)) line.add_point(corner.x, corner.y);
    } else {
      line.add_point(found.box.x + found.box.width / 2, found.box.y + found.box.height / 2);
      line.add_point(found.box.width, found.box.height);
    }
    text += std::move(line).finish();
  }
  return text;
}

std::string write_yolo_outlines(const ObjectResult& result) {
  std::string text;
  for (const auto& found : result.detections) {
    const auto part = vision::pixels_of(found.box);
    const auto outlines = vision::find_polygons(found.mask, part.x, part.y);
    const auto largest =
        std::max_element(outlines.begin(), outlines.end(),
                         [](const auto& a, const auto& b) { return area_of(a) < area_of(b); });
    if (largest == outlines.end()) continue;
    Line line(found.class_id, result.size);
    for (const auto& corner : *largest) line.add_point(corner.x, corner.y);
    text += std::move(line).finish();
  }
  return text;
}

std::string write_classes(const std::vector<std::string>& labels) {
  return labels.empty() ? std::string() : join(labels, "\n") + "\n";
}

}  // namespace hailstone::picture
