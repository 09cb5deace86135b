// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/masks/instance_masks.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "vision/boxes/to_picture.hpp"
#include "vision/tensors/views.hpp"

namespace hailstone::vision {
namespace {

/// Without the batch, if it is a map of so many channels in either layout.
bool has_channels(const inference::Tensor& tensor, std::int64_t channels) noexcept {
  const auto& shape = tensor.info.shape;
  if (shape.size() != 3 && !(shape.size() == 4 && shape[0] == 1)) return false;
  return shape[shape.size() - 1] == channels || shape[shape.size() - 3] == channels;
}

bool is_table(const inference::Tensor& tensor) noexcept {
  const auto& shape = tensor.info.shape;
  return shape.size() == 2 || (shape.size() == 3 && shape[0] == 1);
}

Prototypes copy_map(const MapView& map) {
  Prototypes copy{static_cast<int>(map.width),
                  static_cast<int>(map.height),
                  static_cast<int>(map.channels),
                  {}};
  copy.values.reserve(map.width * map.height * map.channels);
  for (std::size_t row = 0; row < map.height; ++row) {
    for (std::size_t column = 0; column < map.width; ++column) {
      for (std::size_t c = 0; c < map.channels; ++c) {
        copy.values.push_back(map.at(row, column, c));
      }
    }
  }
  return copy;
}

/// A cube could be either layout. Exports with their own decoding (they have a table) keep
/// PyTorch's order, channels first.
MapView choose_layout(const FloatTensor& tensor, int channels, bool has_table) {
  const auto shape = tensor.shape();
  if (has_table && shape.size() == 3 && shape[0] == channels) {
    const auto height = static_cast<std::size_t>(shape[1]);
    const auto width = static_cast<std::size_t>(shape[2]);
    return {tensor.values().data(), height, width, static_cast<std::size_t>(channels), width, 1,
            height * width};
  }
  return as_map(tensor, static_cast<std::size_t>(channels));
}

/// Cells of the prototypes, from begin up to but not end.
struct Range {
  int begin = 0;
  int end = 0;

  int size() const noexcept { return end - begin; }
};

/// Where the middle of a pixel lies, in cells, and the two cells that it lies between.
struct Tap {
  int first = 0;
  int second = 0;
  float part = 0;  ///< of the second
};

Tap make_tap(double place, int cells) noexcept {
  const double limited = std::clamp(place, 0.0, cells - 1.0);
  const int first = static_cast<int>(limited);
  return {first, std::min(first + 1, cells - 1), static_cast<float>(limited - first)};
}

/// For each of the pixels of one axis.
std::vector<Tap> make_taps(int begin, int count, double scale, double offset, double per_input,
                           int cells) {
  std::vector<Tap> taps;
  taps.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const double input = (begin + i + 0.5) * scale + offset;
    taps.push_back(make_tap(input * per_input - 0.5, cells));
  }
  return taps;
}

Range range_of(const std::vector<Tap>& taps) noexcept {
  Range range{taps.front().first, taps.front().second};
  for (const auto& tap : taps) {
    range.begin = std::min(range.begin, tap.first);
    range.end = std::max(range.end, tap.second);
  }
  ++range.end;
  return range;
}

/// Sigmoid of the weighted sums within the ranges, rows top-down.
std::vector<float> weigh(const Prototypes& prototypes, std::span<const float> coefficients,
                         const Range& rows, const Range& columns) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(rows.size()) * columns.size());
  for (int row = rows.begin; row < rows.end; ++row) {
    const float* cell =
        prototypes.values.data() +
        (static_cast<std::size_t>(row) * prototypes.width + columns.begin) * prototypes.channels;
    for (int column = columns.begin; column < columns.end; ++column) {
      float sum = 0;
      for (const float coefficient : coefficients) sum += coefficient * *cell++;
      values.push_back(1.0F / (1.0F + std::exp(-sum)));
    }
  }
  return values;
}

void check(const Detection& detection, const Prototypes& prototypes, const DetectOptions& options) {
  if (static_cast<int>(detection.mask_coefficients.size()) != prototypes.channels) {
    throw Error(ErrorCode::kEngineFailed, "a detection has " +
                                              std::to_string(detection.mask_coefficients.size()) +
                                              " mask coefficients for " +
                                              std::to_string(prototypes.channels) + " prototypes");
  }
  if (options.input_width < 1 || options.input_height < 1) {
    throw Error(ErrorCode::kBadRequest, "the size of the network's input is not known");
  }
}

}  // namespace

Prototypes find_prototypes(std::span<const inference::Tensor> outputs, const DetectOptions& options,
                           int channels) {
  std::optional<std::size_t> largest;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!has_channels(outputs[i], channels)) continue;
    if (!largest || outputs[i].data.size() > outputs[*largest].data.size()) largest = i;
  }
  if (!largest) {
    throw Error(ErrorCode::kEngineFailed, "the network gave no prototypes of masks",
                "expected is a map of " + std::to_string(channels) + " channels");
  }
  const bool known = *largest < options.quantization.size();
  const FloatTensor tensor(outputs[*largest],
                           known ? options.quantization[*largest] : Quantization{});
  const bool has_table = std::any_of(outputs.begin(), outputs.end(), is_table);
  const MapView map = choose_layout(tensor, channels, has_table);
  if (map.width == 0 || map.height == 0) tensor.refuse("a map that is not empty");
  return copy_map(map);
}

Mask make_mask(const Detection& detection, const Prototypes& prototypes,
               const media::Placement& placement, const DetectOptions& options) {
  if (detection.mask_coefficients.empty()) return {};
  check(detection, prototypes, options);
  const PixelBox area = pixels_of(detection.box);
  if (area.width == 0 || area.height == 0) return {};
  const auto columns =
      make_taps(area.x, area.width, placement.scale_x, placement.offset_x,
                static_cast<double>(prototypes.width) / options.input_width, prototypes.width);
  const auto rows =
      make_taps(area.y, area.height, placement.scale_y, placement.offset_y,
                static_cast<double>(prototypes.height) / options.input_height, prototypes.height);
  const Range row_range = range_of(rows);
  const Range column_range = range_of(columns);
  const auto values = weigh(prototypes, detection.mask_coefficients, row_range, column_range);
  const auto row_of = [&](int row) {
    return values.data() + static_cast<std::size_t>(row - row_range.begin) * column_range.size() -
           column_range.begin;
  };
  Mask mask{area.width, area.height, {}};
  mask.pixels.reserve(static_cast<std::size_t>(area.width) * area.height);
  for (const auto& y : rows) {
    const float* top = row_of(y.first);
    const float* bottom = row_of(y.second);
    for (const auto& x : columns) {
      const float above = top[x.first] + (top[x.second] - top[x.first]) * x.part;
      const float below = bottom[x.first] + (bottom[x.second] - bottom[x.first]) * x.part;
      mask.pixels.push_back(above + (below - above) * y.part > 0.5F ? 1 : 0);
    }
  }
  return mask;
}

void make_masks(std::vector<Detection>& detections, const Prototypes& prototypes,
                const media::Placement& placement, const DetectOptions& options) {
  for (auto& detection : detections) {
    if (detection.mask_coefficients.empty()) continue;
    detection.mask = make_mask(detection, prototypes, placement, options);
  }
}

}  // namespace hailstone::vision
