// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/text/text_regions.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/tensors/views.hpp"

namespace hailstone::vision {
namespace {

constexpr std::size_t kMaxSide = 1 << 14;

using Corners = std::array<cv::Point2f, 4>;

Quantization quantization_of(const inference::Tensor& tensor, const Quantization& given) noexcept {
  const bool is_byte = tensor.info.type == inference::ElementType::kUint8 ||
                       tensor.info.type == inference::ElementType::kInt8;
  return is_byte && given.scale == 1 && given.zero_point == 0 ? Quantization{1.0 / 255, 0} : given;
}

/// Probabilities; what is no number is no text.
cv::Mat1f read_map(const inference::Tensor& tensor, const Quantization& quantization) {
  const FloatTensor floats(tensor, quantization_of(tensor, quantization));
  const MapView view = as_map(floats, 1);
  if (view.width > kMaxSide || view.height > kMaxSide)
    floats.refuse("a map of at most 16384 cells");
  cv::Mat1f map(static_cast<int>(view.height), static_cast<int>(view.width));
  std::transform(floats.values().begin(), floats.values().end(), map.begin(),
                 [](float value) { return value > 0 ? std::min(value, 1.0F) : 0.0F; });
  return map;
}

/// PaddleOCR's order: the two on the left by height, then the two on the right.
Corners sort_corners(const cv::RotatedRect& box) {
  Corners by_x;
  box.points(by_x.data());
  std::stable_sort(by_x.begin(), by_x.end(),
                   [](const auto& a, const auto& b) { return a.x < b.x; });
  if (by_x[0].y > by_x[1].y) std::swap(by_x[0], by_x[1]);
  if (by_x[2].y > by_x[3].y) std::swap(by_x[2], by_x[3]);
  return {by_x[0], by_x[2], by_x[3], by_x[1]};
}

/// Mean of the map within the box.
double score_of(const cv::Mat1f& map, const cv::RotatedRect& box) {
  const Corners corners = sort_corners(box);
  std::array<cv::Point, 4> rounded;
  std::copy(corners.begin(), corners.end(), rounded.begin());
  const cv::Rect part = cv::boundingRect(rounded) & cv::Rect(0, 0, map.cols, map.rows);
  if (part.empty()) return 0;
  cv::Mat1b inside(part.size(), 0);
  for (auto& corner : rounded) corner -= part.tl();
  cv::fillConvexPoly(inside, rounded.data(), static_cast<int>(rounded.size()), cv::Scalar(1));
  return cv::mean(map(part), inside)[0];
}

/// A rectangle that grows by the same distance everywhere has round corners; the smallest
/// rectangle around that is larger by the distance on each side.
cv::RotatedRect grow(cv::RotatedRect box, double ratio) {
  const double width = box.size.width;
  const double height = box.size.height;
  const auto distance = static_cast<float>(width * height * ratio / (2 * (width + height)));
  box.size.width += 2 * distance;
  box.size.height += 2 * distance;
  return box;
}

struct Scale {
  double x;
  double y;
};

TextRegion make_region(const cv::RotatedRect& box, double score, const Scale& scale) {
  TextRegion region;
  region.score = score;
  const Corners corners = sort_corners(box);
  for (std::size_t i = 0; i < corners.size(); ++i) {
    // OpenCV's points are middles of pixels.
    region.corners[i] = {(corners[i].x + 0.5) * scale.x, (corners[i].y + 0.5) * scale.y};
  }
  return region;
}

std::vector<TextRegion> find_regions(const cv::Mat1f& map, const TextRegionOptions& options) {
  const Scale scale = {options.input_width > 0 ? 1.0 * options.input_width / map.cols : 1.0,
                       options.input_height > 0 ? 1.0 * options.input_height / map.rows : 1.0};
  cv::Mat1b is_text;
  cv::compare(map, options.pixel_threshold, is_text, cv::CMP_GT);
  std::vector<std::vector<cv::Point>> outlines;
  std::vector<cv::Vec4i> levels;
  cv::findContours(is_text, outlines, levels, cv::RETR_CCOMP, cv::CHAIN_APPROX_SIMPLE);
  std::vector<TextRegion> regions;
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    if (levels[i][3] >= 0) continue;  // a hole
    const cv::RotatedRect box = cv::minAreaRect(outlines[i]);
    if (std::min(box.size.width, box.size.height) < options.min_side) continue;
    const double score = score_of(map, box);
    if (score < options.score_threshold) continue;
    regions.push_back(make_region(grow(box, options.unclip_ratio), score, scale));
  }
  return regions;
}

double middle_y(const TextRegion& region) noexcept {
  const auto& c = region.corners;
  return (c[0].y + c[1].y + c[2].y + c[3].y) / 4;
}

/// Of one line is what has its middle above the lower edge of the line's first.
void sort_for_reading(std::vector<TextRegion>& regions) {
  std::stable_sort(regions.begin(), regions.end(), [](const TextRegion& a, const TextRegion& b) {
    return middle_y(a) < middle_y(b);
  });
  for (auto line = regions.begin(); line != regions.end();) {
    const double bottom = (line->corners[2].y + line->corners[3].y) / 2;
    const auto end = std::find_if(
        line, regions.end(), [&](const TextRegion& region) { return middle_y(region) > bottom; });
    std::stable_sort(line, std::max(end, line + 1), [](const TextRegion& a, const TextRegion& b) {
      return a.corners[0].x < b.corners[0].x;
    });
    line = std::max(end, line + 1);
  }
}

}  // namespace

std::vector<TextRegion> find_text_regions(const inference::Tensor& tensor,
                                          const TextRegionOptions& options) {
  auto regions = find_regions(read_map(tensor, options.quantization), options);
  const auto limit = static_cast<std::size_t>(std::max(options.max_regions, 0));
  if (regions.size() > limit) {
    std::stable_sort(regions.begin(), regions.end(),
                     [](const TextRegion& a, const TextRegion& b) { return a.score > b.score; });
    regions.resize(limit);
  }
  sort_for_reading(regions);
  return regions;
}

}  // namespace hailstone::vision
