// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/draw/colormap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "media/mat_view.hpp"

namespace hailstone::media {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"viridis", "plasma", "magma", "inferno",
                                                    "turbo",   "jet",    "gray"};

using Table = std::array<std::array<std::uint8_t, 3>, 256>;

Table gray_table() noexcept {
  Table table;
  for (std::size_t i = 0; i < table.size(); ++i) table[i].fill(static_cast<std::uint8_t>(i));
  return table;
}

Table make_table(Colormap map) {
  constexpr std::array kMaps = {cv::COLORMAP_VIRIDIS, cv::COLORMAP_PLASMA, cv::COLORMAP_MAGMA,
                                cv::COLORMAP_INFERNO, cv::COLORMAP_TURBO,  cv::COLORMAP_JET};
  if (map == Colormap::kGray) return gray_table();
  Plane<std::uint8_t> levels{256, 1, std::vector<std::uint8_t>(256)};
  for (std::size_t i = 0; i < 256; ++i) levels.values[i] = static_cast<std::uint8_t>(i);
  cv::Mat colors;
  cv::applyColorMap(view(levels), colors, kMaps[static_cast<std::size_t>(map)]);
  Table table;
  for (int i = 0; i < 256; ++i) {
    const auto& bgr = colors.at<cv::Vec3b>(0, i);
    table[static_cast<std::size_t>(i)] = {bgr[2], bgr[1], bgr[0]};
  }
  return table;
}

/// Where a finite value lies in the range, 0 to 1.
class Position {
 public:
  explicit Position(const ValueRange& range) noexcept
      : low_(range.low), width_(static_cast<double>(range.high) - range.low) {}

  double operator()(float value) const noexcept {
    return width_ == 0 ? 0 : std::clamp((value - low_) / width_, 0.0, 1.0);
  }

 private:
  double low_;
  double width_;
};

}  // namespace

std::string_view to_string(Colormap map) noexcept {
  return kNames[static_cast<std::size_t>(map)];
}

std::optional<Colormap> find_colormap(std::string_view name) noexcept {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Colormap>(found - kNames.begin());
}

std::optional<ValueRange> find_range(const Plane<float>& plane) {
  std::optional<ValueRange> range;
  for (const float value : plane.values) {
    if (!std::isfinite(value)) continue;
    if (!range) range = ValueRange{value, value};
    range->low = std::min(range->low, value);
    range->high = std::max(range->high, value);
  }
  return range;
}

Image colorize(const Plane<float>& plane, const ValueRange& range, Colormap map) {
  const Table table = make_table(map);
  const Position position(range);
  Image image = make_image(plane.width, plane.height);
  auto* out = image.pixels.data();
  for (const float value : plane.values) {
    if (std::isfinite(value)) {
      const auto level = static_cast<std::size_t>(std::lround(position(value) * 255));
      std::copy(table[level].begin(), table[level].end(), out);
    }
    out += 3;
  }
  return image;
}

Plane<std::uint16_t> normalize_to_16_bit(const Plane<float>& plane, const ValueRange& range) {
  const Position position(range);
  Plane<std::uint16_t> result{plane.width, plane.height, {}};
  result.values.reserve(plane.values.size());
  for (const float value : plane.values) {
    const auto level = std::isfinite(value) ? 1 + std::lround(position(value) * 65534) : 0;
    result.values.push_back(static_cast<std::uint16_t>(level));
  }
  return result;
}

}  // namespace hailstone::media
