// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/boxes/suppress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "vision/boxes/corners.hpp"
#include "vision/boxes/greedy.hpp"

namespace hailstone::vision {
namespace {

double common_area(const Box& a, const Box& b) noexcept {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

double area_of(const Box& box) noexcept {
  return box.width > 0 && box.height > 0 ? box.width * box.height : 0;
}

struct Corner {
  double x = 0;
  double y = 0;
};

/// A convex polygon: two rectangles have at most eight corners in common.
struct Polygon {
  std::array<Corner, 16> corners;
  std::size_t count = 0;

  void add(const Corner& corner) noexcept {
    if (count < corners.size()) corners[count++] = corner;
  }
};

Polygon polygon_of(const Detection& found) noexcept {
  Polygon polygon;
  for (const auto& corner : corners_of(found)) polygon.add({corner.x, corner.y});
  return polygon;
}

/// How far to the inner side of the edge from a to b.
double side(const Corner& a, const Corner& b, const Corner& point) noexcept {
  return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
}

/// Sutherland and Hodgman 1974, one edge.
Polygon cut(const Polygon& polygon, const Corner& a, const Corner& b) noexcept {
  Polygon rest;
  for (std::size_t i = 0; i < polygon.count; ++i) {
    const Corner& from = polygon.corners[i];
    const Corner& to = polygon.corners[(i + 1) % polygon.count];
    const double before = side(a, b, from);
    const double after = side(a, b, to);
    if (before >= 0) rest.add(from);
    if ((before >= 0) != (after >= 0)) {
      const double part = before / (before - after);
      rest.add({from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part});
    }
  }
  return rest;
}

double area_of(const Polygon& polygon) noexcept {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.count; ++i) {
    const Corner& a = polygon.corners[i];
    const Corner& b = polygon.corners[(i + 1) % polygon.count];
    twice += a.x * b.y - a.y * b.x;
  }
  return std::abs(twice) / 2;
}

}  // namespace

double overlap(const Box& a, const Box& b) noexcept {
  const double common = common_area(a, b);
  return common > 0 ? common / (area_of(a) + area_of(b) - common) : 0;
}

double containment(const Box& a, const Box& b) noexcept {
  const double common = common_area(a, b);
  return common > 0 ? common / std::min(area_of(a), area_of(b)) : 0;
}

double oriented_overlap(const Detection& a, const Detection& b) {
  if (a.angle == 0 && b.angle == 0) return overlap(a.box, b.box);
  const Polygon other = polygon_of(b);
  Polygon common = polygon_of(a);
  for (std::size_t i = 0; i < other.count; ++i) {
    common = cut(common, other.corners[i], other.corners[(i + 1) % other.count]);
  }
  const double area = area_of(common);
  const double all = area_of(a.box) + area_of(b.box) - area;
  return area > 0 && all > 0 ? std::min(area / all, 1.0) : 0;
}

std::vector<Detection> suppress(std::vector<Detection> detections, const Suppression& options) {
  std::vector<std::size_t> order(detections.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return detections[a].score > detections[b].score;
  });
  const auto is_rival = [&](std::size_t a, std::size_t b) {
    const auto& better = detections[a];
    const auto& other = detections[b];
    return (options.rivals == Rivals::kAllClasses || better.class_id == other.class_id) &&
           oriented_overlap(better, other) > options.iou_threshold;
  };
  const auto count = static_cast<std::size_t>(std::max(options.max_detections, 0));
  std::vector<Detection> kept;
  for (const auto index : keep_best(order, count, is_rival)) {
    kept.push_back(std::move(detections[index]));
  }
  return kept;
}

}  // namespace hailstone::vision
