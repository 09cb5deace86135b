// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/geometry/warp.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <complex>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "media/mat_view.hpp"

namespace hailstone::media {
namespace {

/// No picture is larger; keeps a wild box within the integers.
constexpr double kFar = 1e6;

int edge(double value, int most) noexcept {
  if (!(value > -kFar)) return 0;
  return std::clamp(static_cast<int>(std::lround(std::min(value, kFar))), 0, most);
}

/// OpenCV's pixels have their centres at whole numbers, ours at halves.
cv::Matx33d shift(double by) {
  return {1, 0, by, 0, 1, by, 0, 0, 1};
}

std::complex<double> mean(std::span<const Point> points) noexcept {
  std::complex<double> sum;
  for (const auto& point : points) sum += std::complex(point.x, point.y);
  return sum / static_cast<double>(points.size());
}

cv::Point2f to_cv(const Point& point) noexcept {
  return {static_cast<float>(point.x), static_cast<float>(point.y)};
}

double cross(const Point& a, const Point& b, const Point& c) noexcept {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

}  // namespace

Image crop(const Image& image, const Box& box) {
  const int left = edge(box.x, image.width);
  const int top = edge(box.y, image.height);
  const int right = edge(box.x + box.width, image.width);
  const int bottom = edge(box.y + box.height, image.height);
  if (left >= right || top >= bottom) return {};
  Image part = make_image(right - left, bottom - top);
  view(image)(cv::Rect(left, top, part.width, part.height)).copyTo(view(part));
  return part;
}

/// In the plane a turn and a scale are one complex factor, and the least squares have a closed
/// form.
Affine find_similarity(std::span<const Point> points, std::span<const Point> places) {
  assert(points.size() == places.size() && points.size() >= 2);
  const auto from = mean(points);
  const auto to = mean(places);
  std::complex<double> covariance;
  double variance = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto offset = std::complex(points[i].x, points[i].y) - from;
    covariance += std::conj(offset) * (std::complex(places[i].x, places[i].y) - to);
    variance += std::norm(offset);
  }
  if (!(variance > 0) || !std::isfinite(variance)) {
    throw Error(ErrorCode::kBadRequest, "the points to align by are all at one place");
  }
  const auto factor = covariance / variance;
  const auto move = to - factor * from;
  return {{factor.real(), -factor.imag(), move.real(), factor.imag(), factor.real(), move.imag()}};
}

Image warp(const Image& image, const Affine& transform, int width, int height, std::uint8_t pad) {
  assert(image.width > 0 && image.height > 0 && width > 0 && height > 0);
  const auto& m = transform.m;
  const double determinant = m[0] * m[4] - m[1] * m[3];
  if (!std::isnormal(determinant) || !std::isfinite(m[2]) || !std::isfinite(m[5])) {
    throw Error(ErrorCode::kBadRequest, "the transform has no inverse");
  }
  const cv::Matx33d whole =
      shift(-0.5) * cv::Matx33d(m[0], m[1], m[2], m[3], m[4], m[5], 0, 0, 1) * shift(0.5);
  Image result = make_image(width, height);
  cv::Mat to = view(result);
  cv::warpAffine(view(image), to, whole.get_minor<2, 3>(0, 0), to.size(), cv::INTER_LINEAR,
                 cv::BORDER_CONSTANT, cv::Scalar::all(pad));
  return result;
}

Image unwarp(const Image& image, const std::array<Point, 4>& corners, int width, int height) {
  assert(image.width > 0 && image.height > 0 && width > 0 && height > 0);
  std::array<cv::Point2f, 4> from;
  for (std::size_t i = 0; i < 4; ++i) {
    const double turn = cross(corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]);
    if (!std::isnormal(turn)) {
      throw Error(ErrorCode::kBadRequest, "three corners of the part are on a line");
    }
    from[i] = to_cv({corners[i].x - 0.5, corners[i].y - 0.5});
  }
  const float right = static_cast<float>(width) - 0.5F;
  const float bottom = static_cast<float>(height) - 0.5F;
  const std::array<cv::Point2f, 4> to = {
      {{-0.5F, -0.5F}, {right, -0.5F}, {right, bottom}, {-0.5F, bottom}}};
  Image result = make_image(width, height);
  cv::Mat pixels = view(result);
  cv::warpPerspective(view(image), pixels, cv::getPerspectiveTransform(from.data(), to.data()),
                      pixels.size(), cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  return result;
}

}  // namespace hailstone::media
