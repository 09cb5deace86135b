// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/boxes/face_alignment.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "media/geometry/warp.hpp"

namespace hailstone::vision {
namespace {

constexpr std::array<Keypoint, 5> kTemplate = {{{38.2946, 51.6963, 1},
                                                {73.5318, 51.5014, 1},
                                                {56.0252, 71.7366, 1},
                                                {41.5493, 92.3655, 1},
                                                {70.7299, 92.2041, 1}}};

std::array<media::Point, 5> places_of(std::span<const Keypoint> points) {
  std::array<media::Point, kTemplate.size()> places;
  std::transform(points.begin(), points.end(), places.begin(), [](const Keypoint& point) {
    return media::Point{point.x, point.y};
  });
  return places;
}

/// What no transform can bring to five places.
bool are_one_place(std::span<const Keypoint> points) noexcept {
  return std::all_of(points.begin(), points.end(), [&](const Keypoint& point) {
    return point.x == points.front().x && point.y == points.front().y;
  });
}

bool are_finite(std::span<const Keypoint> points) noexcept {
  return std::all_of(points.begin(), points.end(), [](const Keypoint& point) {
    return std::isfinite(point.x) && std::isfinite(point.y);
  });
}

}  // namespace

std::span<const Keypoint, 5> face_template() noexcept {
  return kTemplate;
}

FaceTransform align_face(std::span<const Keypoint> points) {
  if (points.size() != kTemplate.size()) {
    throw Error(ErrorCode::kEngineFailed,
                "a face has " + std::to_string(points.size()) + " landmarks",
                "five are needed: eyes, nose, corners of the mouth");
  }
  if (!are_finite(points) || are_one_place(points)) {
    throw Error(ErrorCode::kEngineFailed, "the landmarks of a face are all in one place");
  }
  return media::find_similarity(places_of(points), places_of(kTemplate)).m;
}

}  // namespace hailstone::vision
