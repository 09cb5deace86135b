// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/geometry/fit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "media/mat_view.hpp"

namespace hailstone::media {
namespace {

/// What of the picture goes to which part of the result.
struct Plan {
  cv::Rect from;
  cv::Rect to;
};

int nearest(double value, int most) noexcept {
  return std::clamp(static_cast<int>(std::lround(value)), 1, most);
}

Plan plan_letterbox(const Image& image, const FitOptions& options) {
  const double scale = std::min(static_cast<double>(options.width) / image.width,
                                static_cast<double>(options.height) / image.height);
  const int width = nearest(image.width * scale, options.width);
  const int height = nearest(image.height * scale, options.height);
  cv::Rect to(0, 0, width, height);
  if (options.fit == Fit::kLetterbox) {
    to.x = (options.width - width) / 2;
    to.y = (options.height - height) / 2;
  }
  return {{0, 0, image.width, image.height}, to};
}

Plan plan_crop(const Image& image, const FitOptions& options) {
  const double scale = std::max(static_cast<double>(options.width) / image.width,
                                static_cast<double>(options.height) / image.height);
  const int width = nearest(options.width / scale, image.width);
  const int height = nearest(options.height / scale, image.height);
  const cv::Rect from((image.width - width) / 2, (image.height - height) / 2, width, height);
  return {from, {0, 0, options.width, options.height}};
}

Plan make_plan(const Image& image, const FitOptions& options) {
  switch (options.fit) {
    case Fit::kLetterbox:
    case Fit::kLetterboxTopLeft:
      return plan_letterbox(image, options);
    case Fit::kCrop:
      return plan_crop(image, options);
    case Fit::kStretch:
      break;
  }
  return {{0, 0, image.width, image.height}, {0, 0, options.width, options.height}};
}

Placement placement_of(const Plan& plan) noexcept {
  const double scale_x = static_cast<double>(plan.to.width) / plan.from.width;
  const double scale_y = static_cast<double>(plan.to.height) / plan.from.height;
  return {scale_x, scale_y, plan.to.x - plan.from.x * scale_x, plan.to.y - plan.from.y * scale_y};
}

}  // namespace

FittedImage fit_image(const Image& image, const FitOptions& options) {
  assert(image.width > 0 && image.height > 0 && options.width > 0 && options.height > 0);
  const Plan plan = make_plan(image, options);
  FittedImage result{make_image(options.width, options.height, options.pad), placement_of(plan)};
  const bool shrinks = plan.to.width < plan.from.width || plan.to.height < plan.from.height;
  const bool by_area = options.filter == Filter::kArea && shrinks;
  const cv::Mat from = view(image)(plan.from);
  cv::Mat to = view(result.image)(plan.to);
  cv::resize(from, to, to.size(), 0, 0, by_area ? cv::INTER_AREA : cv::INTER_LINEAR);
  return result;
}

}  // namespace hailstone::media
