// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/boxes/face_alignment.hpp"

#include <cmath>

#include "base/error.hpp"

namespace hailstone::vision {
namespace {

constexpr std::array<Keypoint, 5> kTemplate = {{{38.2946, 51.6963, 1},
                                                {73.5318, 51.5014, 1},
                                                {56.0252, 71.7366, 1},
                                                {41.5493, 92.3655, 1},
                                                {70.7299, 92.2041, 1}}};

Keypoint middle_of(std::span<const Keypoint> points) noexcept {
  Keypoint middle;
  for (const auto& point : points) {
    middle.x += point.x / static_cast<double>(points.size());
    middle.y += point.y / static_cast<double>(points.size());
  }
  return middle;
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
  // In the plane the best turn and scale are one complex number: sum of conj(from) * to over the
  // sum of |from|^2, both about their middles.
  const Keypoint from = middle_of(points);
  const Keypoint to = middle_of(kTemplate);
  double real = 0;
  double imaginary = 0;
  double spread = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double x = points[i].x - from.x;
    const double y = points[i].y - from.y;
    const double u = kTemplate[i].x - to.x;
    const double v = kTemplate[i].y - to.y;
    real += x * u + y * v;
    imaginary += x * v - y * u;
    spread += x * x + y * y;
  }
  if (!std::isfinite(spread) || spread <= 0) {
    throw Error(ErrorCode::kEngineFailed, "the landmarks of a face are all in one place");
  }
  const double a = real / spread;
  const double b = imaginary / spread;
  return {a, -b, to.x - a * from.x + b * from.y, b, a, to.y - b * from.x - a * from.y};
}

}  // namespace hailstone::vision
