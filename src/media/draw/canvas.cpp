// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/draw/canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "media/mat_view.hpp"

namespace hailstone::media {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr std::size_t kMaxLabel = 200;

cv::Scalar to_cv(Color color) {
  return {color.red * 1.0, color.green * 1.0, color.blue * 1.0};
}

/// Far outside is as good as anywhere outside, and keeps OpenCV's integers from overflowing.
int pixel(double value, int length) noexcept {
  if (std::isnan(value)) return -length;
  return static_cast<int>(std::floor(std::clamp<double>(value, -length, 2.0 * length)));
}

cv::Point to_cv(const Point& point, const Image& image) noexcept {
  return {pixel(point.x, image.width), pixel(point.y, image.height)};
}

bool is_finite(const Point& point) noexcept {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

/// One "?" for each character that the font does not have, of however many bytes.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, kMaxLabel)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) continue;  // UTF-8: not the first byte of a character
    result += byte >= ' ' && byte < 0x7F ? c : '?';
  }
  return result;
}

/// ITU-R BT.601's luma.
bool is_light(Color color) noexcept {
  return 299 * color.red + 587 * color.green + 114 * color.blue > 140'000;
}

/// h in [0, 6), s and v in [0, 1].
Color from_hsv(double h, double s, double v) noexcept {
  const auto channel = [&](double n) {
    const double k = std::fmod(n + h, 6.0);
    return static_cast<std::uint8_t>(
        std::lround(255 * v * (1 - s * std::max(0.0, std::min({k, 4 - k, 1.0})))));
  };
  return {channel(5), channel(3), channel(1)};
}

/// Along one side: which pixels have their centre within the box, and in which cell of a mask that
/// covers it.
struct Covering {
  int first = 0;
  std::vector<int> cells;
};

Covering covering(double start, double length, int pixels, int cells) {
  Covering result;
  if (!std::isfinite(start) || !std::isfinite(length) || !(length > 0)) return result;
  for (int i = std::max(0, pixel(start, pixels)); i < pixels; ++i) {
    const double cell = std::floor((i + 0.5 - start) / length * cells);
    if (cell < 0) continue;
    if (!(cell < cells)) break;
    if (result.cells.empty()) result.first = i;
    result.cells.push_back(static_cast<int>(cell));
  }
  return result;
}

void tint(std::uint8_t* rgb, Color color) noexcept {
  rgb[0] = static_cast<std::uint8_t>((rgb[0] + color.red) / 2);
  rgb[1] = static_cast<std::uint8_t>((rgb[1] + color.green) / 2);
  rgb[2] = static_cast<std::uint8_t>((rgb[2] + color.blue) / 2);
}

}  // namespace

Color class_color(int class_id) noexcept {
  // Steps of the golden angle never come close to one another soon; two levels of brightness and
  // saturation keep those apart that do.
  constexpr double kGolden = 0.61803398874989485;
  const double turns = std::abs(static_cast<double>(class_id)) * kGolden;
  const double hue = 6 * (turns - std::floor(turns));
  const bool is_odd = class_id % 2 != 0;
  return from_hsv(std::min(hue, 5.999999), is_odd ? 0.75 : 0.95, is_odd ? 1.0 : 0.85);
}

std::span<const Bone> coco_bones() noexcept {
  static constexpr std::array<Bone, 19> kBones = {{{15, 13},
                                                   {13, 11},
                                                   {16, 14},
                                                   {14, 12},
                                                   {11, 12},
                                                   {5, 11},
                                                   {6, 12},
                                                   {5, 6},
                                                   {5, 7},
                                                   {6, 8},
                                                   {7, 9},
                                                   {8, 10},
                                                   {1, 2},
                                                   {0, 1},
                                                   {0, 2},
                                                   {1, 3},
                                                   {2, 4},
                                                   {3, 5},
                                                   {4, 6}}};
  return kBones;
}

Canvas::Canvas(Image image)
    : image_(std::move(image)),
      line_width_(
          std::max(1, static_cast<int>(std::lround((image_.width + image_.height) * 0.0015)))),
      text_scale_(std::max(0.4, (image_.width + image_.height) * 0.0004)) {}

void Canvas::draw_box(const Box& box, Color color) {
  const Point corner{box.x + box.width, box.y + box.height};
  if (!is_finite({box.x, box.y}) || !is_finite(corner)) return;
  auto pixels = view(image_);
  cv::rectangle(pixels, to_cv({box.x, box.y}, image_), to_cv(corner, image_), to_cv(color),
                line_width_);
}

void Canvas::draw_polygon(std::span<const Point> corners, Color color) {
  std::vector<cv::Point> points;
  for (const auto& corner : corners) {
    if (is_finite(corner)) points.push_back(to_cv(corner, image_));
  }
  if (points.empty()) return;
  auto pixels = view(image_);
  cv::polylines(pixels, points, true, to_cv(color), line_width_, cv::LINE_AA);
}

void Canvas::draw_skeleton(std::span<const std::optional<Point>> joints,
                           std::span<const Bone> bones, Color color) {
  const auto find = [&](int index) -> std::optional<cv::Point> {
    const auto i = static_cast<std::size_t>(index);
    if (i >= joints.size() || !joints[i] || !is_finite(*joints[i])) return std::nullopt;
    return to_cv(*joints[i], image_);
  };
  auto pixels = view(image_);
  for (const auto& [from, to] : bones) {
    const auto a = find(from);
    const auto b = find(to);
    if (a && b) cv::line(pixels, *a, *b, to_cv(color), line_width_, cv::LINE_AA);
  }
  for (std::size_t i = 0; i < joints.size(); ++i) {
    const auto joint = find(static_cast<int>(i));
    if (!joint) continue;
    cv::circle(pixels, *joint, 2 * line_width_ + 1, cv::Scalar::all(255), cv::FILLED, cv::LINE_AA);
    cv::circle(pixels, *joint, 2 * line_width_, to_cv(color), cv::FILLED, cv::LINE_AA);
  }
}

void Canvas::draw_mask(const Plane<std::uint8_t>& mask, const Box& box, Color color) {
  const auto columns = covering(box.x, box.width, image_.width, mask.width);
  const auto rows = covering(box.y, box.height, image_.height, mask.height);
  for (int y = 0; y < static_cast<int>(rows.cells.size()); ++y) {
    const auto* const from = mask.values.data() + std::size_t{1} * rows.cells[y] * mask.width;
    auto* out = image_.pixels.data() +
                3 * (std::size_t{1} * (rows.first + y) * image_.width + columns.first);
    for (const int column : columns.cells) {
      if (from[column] != 0) tint(out, color);
      out += 3;
    }
  }
}

void Canvas::draw_label(std::string_view text, const Point& at, Color color) {
  if (!is_finite(at) || image_.pixels.empty()) return;
  const auto label = printable(text);
  const int thickness = std::max(1, static_cast<int>(std::lround(text_scale_ * 1.6)));
  int below = 0;
  const auto size = cv::getTextSize(label, kFont, text_scale_, thickness, &below);
  const int margin = thickness + 2;
  const cv::Size ground(size.width + 2 * margin, size.height + below + 2 * margin);
  const cv::Point wanted = to_cv(at, image_);
  const int left = std::clamp(wanted.x, 0, std::max(0, image_.width - ground.width));
  const int top =
      std::clamp(wanted.y - ground.height, 0, std::max(0, image_.height - ground.height));
  auto pixels = view(image_);
  cv::rectangle(pixels, cv::Rect({left, top}, ground), to_cv(color), cv::FILLED);
  cv::putText(pixels, label, {left + margin, top + margin + size.height}, kFont, text_scale_,
              cv::Scalar::all(is_light(color) ? 0 : 255), thickness, cv::LINE_AA);
}

}  // namespace hailstone::media
