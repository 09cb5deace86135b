// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/dense/class_map.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "vision/tensors/float_tensor.hpp"
#include "vision/tensors/views.hpp"

namespace hailstone::vision {
namespace {

constexpr std::size_t kMaxClasses = 1 << 16;

ClassMap make_map(std::size_t width, std::size_t height) {
  ClassMap map{static_cast<int>(width), static_cast<int>(height), {}};
  map.values.resize(width * height);
  return map;
}

/// Channels last: the scores of a pixel stand together.
ClassMap best_of_pixels(const MapView& view) {
  ClassMap map = make_map(view.width, view.height);
  const TableView pixels = {view.data, map.values.size(), view.channels, view.channels, 1};
  for (std::size_t i = 0; i < pixels.rows; ++i) {
    map.values[i] = static_cast<std::uint16_t>(best_column(pixels, i, 0, view.channels).column);
  }
  return map;
}

/// Channels first: one plane after the other.
ClassMap best_of_planes(const MapView& view) {
  ClassMap map = make_map(view.width, view.height);
  std::vector<float> best(map.values.size(), -std::numeric_limits<float>::infinity());
  for (std::size_t c = 0; c < view.channels; ++c) {
    const float* plane = view.data + c * view.channel_step;
    for (std::size_t i = 0; i < best.size(); ++i) {
      if (!(plane[i] > best[i])) continue;
      best[i] = plane[i];
      map.values[i] = static_cast<std::uint16_t>(c);
    }
  }
  return map;
}

ClassMap read_ids(const FloatTensor& tensor, int class_count) {
  const MapView view = as_map(tensor, 1);
  ClassMap map = make_map(view.width, view.height);
  const auto limit = static_cast<float>(class_count > 0 ? class_count : kMaxClasses);
  std::transform(tensor.values().begin(), tensor.values().end(), map.values.begin(), [&](float id) {
    return id >= 0 && id < limit ? static_cast<std::uint16_t>(id) : std::uint16_t{0};
  });
  return map;
}

/// Of the pixels of a class; right and bottom are the first that are not among them.
struct Bounds {
  int left = std::numeric_limits<int>::max();
  int top = std::numeric_limits<int>::max();
  int right = 0;
  int bottom = 0;

  void add_run(int begin, int end, int y) noexcept {
    left = std::min(left, begin);
    top = std::min(top, y);
    right = std::max(right, end);
    bottom = y + 1;
  }
};

Mask mask_of(const ClassMap& map, int class_id, const Bounds& part) {
  Mask mask{part.right - part.left, part.bottom - part.top, {}};
  mask.pixels.reserve(static_cast<std::size_t>(mask.width) * mask.height);
  for (int y = part.top; y < part.bottom; ++y) {
    const auto* row = map.values.data() + static_cast<std::ptrdiff_t>(y) * map.width;
    std::transform(row + part.left, row + part.right, std::back_inserter(mask.pixels),
                   [&](std::uint16_t id) { return id == class_id ? 1 : 0; });
  }
  return mask;
}

/// How many scores each pixel has; 1: an id.
std::size_t count_scores(const FloatTensor& tensor, int class_count) noexcept {
  const auto shape = tensor.shape();
  if (shape.size() != 3) return 1;
  const auto known = static_cast<std::size_t>(std::max(class_count, 0));
  if (known > 1 && is_map(tensor, known)) return known;
  if (is_map(tensor, 1)) return 1;
  return known > 0 ? known : static_cast<std::size_t>(shape[2]);
}

}  // namespace

ClassMap read_class_map(const inference::Tensor& tensor, int class_count) {
  const FloatTensor floats(tensor);
  const std::size_t scores = count_scores(floats, class_count);
  if (scores >= kMaxClasses) floats.refuse("less than 65536 classes");
  if (scores <= 1) return read_ids(floats, class_count);
  const MapView view = as_map(floats, scores);
  return view.channel_step == 1 ? best_of_pixels(view) : best_of_planes(view);
}

ClassMap to_picture(const ClassMap& map, const media::Placement& placement, int input_width,
                    int input_height, int width, int height) {
  if (map.values.empty() || input_width < 1 || input_height < 1 || width < 1 || height < 1) {
    throw Error(ErrorCode::kBadRequest, "pictures have at least one pixel");
  }
  const auto look_up = [](double place, int size) {
    return static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, size - 1.0));
  };
  std::vector<std::size_t> columns(static_cast<std::size_t>(width));
  for (int x = 0; x < width; ++x) {
    const double input = (x + 0.5) * placement.scale_x + placement.offset_x;
    columns[x] = look_up(input * map.width / input_width, map.width);
  }
  ClassMap moved = make_map(static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  auto out = moved.values.begin();
  for (int y = 0; y < height; ++y) {
    const double input = (y + 0.5) * placement.scale_y + placement.offset_y;
    const auto row = look_up(input * map.height / input_height, map.height);
    const auto* ids = map.values.data() + row * map.width;
    out = std::transform(columns.begin(), columns.end(), out,
                         [&](std::size_t column) { return ids[column]; });
  }
  return moved;
}

std::vector<ClassShare> shares_of(const ClassMap& map) {
  std::map<int, std::size_t> counts;
  for (const auto id : map.values) ++counts[id];
  std::vector<ClassShare> shares;
  for (const auto& [id, count] : counts) {
    shares.push_back({id, static_cast<double>(count) / static_cast<double>(map.values.size())});
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const ClassShare& a, const ClassShare& b) { return a.share > b.share; });
  return shares;
}

std::vector<Detection> to_detections(const ClassMap& map) {
  std::map<int, Bounds> bounds;
  const auto* pixel = map.values.data();
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width;) {
      const int begin = x;
      const int id = *pixel;
      for (; x < map.width && *pixel == id; ++x) ++pixel;
      bounds[id].add_run(begin, x, y);
    }
  }
  std::vector<Detection> found;
  for (const auto& share : shares_of(map)) {
    const Bounds& part = bounds[share.class_id];
    Detection detection;
    detection.class_id = share.class_id;
    detection.score = share.share;
    detection.box = {static_cast<double>(part.left), static_cast<double>(part.top),
                     static_cast<double>(part.right - part.left),
                     static_cast<double>(part.bottom - part.top)};
    detection.mask = mask_of(map, share.class_id, part);
    found.push_back(std::move(detection));
  }
  return found;
}

}  // namespace hailstone::vision
