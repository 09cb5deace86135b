// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/dense/depth.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "vision/tensors/views.hpp"

namespace hailstone::vision {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr float kFarthest = 0.02F;  ///< what the smallest inverse depth becomes; the largest is 1

using Convert = void (*)(std::vector<float>&);

void keep(std::vector<float>&) {}

/// Nothing is nearer than infinity: matchers write 0 or less where they found no match.
void read_disparity(std::vector<float>& values) {
  for (auto& value : values) {
    if (!(value > 0)) value = kUnknown;
  }
}

/// SC-DepthV3 as Hailo's zoo has it.
void read_scdepth(std::vector<float>& values) {
  for (auto& value : values) value = 1 / (10 / (1 + std::exp(-value)) + 0.009F);
}

/// MiDaS and Depth Anything: inverse depth up to an unknown scale and shift.
void read_inverse(std::vector<float>& values) {
  float low = std::numeric_limits<float>::infinity();
  float high = -low;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const float range = high - low;
  for (auto& value : values) {
    const float share = range > 0 ? (value - low) / range : 1.0F;
    value = 1 / (kFarthest + (1 - kFarthest) * share);
  }
}

struct Decoder {
  std::string_view name;
  Convert convert;
  DepthKind kind;
};

constexpr std::array<Decoder, 5> kDecoders = {{
    {"depth", keep, DepthKind::kRelative},
    {"disparity", read_disparity, DepthKind::kDisparity},
    {"inverse-depth", read_inverse, DepthKind::kRelative},
    {"metric-depth", keep, DepthKind::kMetric},
    {"scdepth", read_scdepth, DepthKind::kRelative},
}};

const Decoder* find_decoder(std::string_view name) noexcept {
  const auto* found = std::find_if(kDecoders.begin(), kDecoders.end(),
                                   [&](const Decoder& decoder) { return decoder.name == name; });
  return found == kDecoders.end() ? nullptr : found;
}

/// Between which two pixels of an axis one lies, and how far from the first of them.
struct SamplePlace {
  std::size_t low = 0;
  std::size_t high = 0;
  float part = 0;
};

/// Of the centre of each of the picture's pixels.
std::vector<SamplePlace> sample_places(int size, double scale, double offset, int limit) {
  std::vector<SamplePlace> places;
  places.reserve(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i) {
    const double place = std::clamp((i + 0.5) * scale + offset - 0.5, 0.0, limit - 1.0);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, static_cast<std::size_t>(limit - 1));
    places.push_back({low, high, static_cast<float>(place - static_cast<double>(low))});
  }
  return places;
}

float sample(const media::Plane<float>& plane, const SamplePlace& column, const SamplePlace& row) {
  const auto width = static_cast<std::size_t>(plane.width);
  const float* top = plane.values.data() + row.low * width;
  const float* bottom = plane.values.data() + row.high * width;
  const float upper = top[column.low] + (top[column.high] - top[column.low]) * column.part;
  const float lower = bottom[column.low] + (bottom[column.high] - bottom[column.low]) * column.part;
  const float value = upper + (lower - upper) * row.part;
  if (std::isfinite(value)) return value;
  return (row.part < 0.5F ? top : bottom)[column.part < 0.5F ? column.low : column.high];
}

}  // namespace

bool is_depth_decoder(std::string_view name) noexcept {
  return find_decoder(name) != nullptr;
}

Depth read_depth(std::string_view name, const inference::Tensor& tensor,
                 Quantization quantization) {
  const Decoder* decoder = find_decoder(name);
  if (decoder == nullptr) {
    throw Error(ErrorCode::kBadRequest, "\"" + std::string(name) + "\" decodes no depth",
                "these do: depth, disparity, inverse-depth, metric-depth, scdepth");
  }
  const FloatTensor floats(tensor, quantization);
  const MapView map = as_map(floats, 1);
  Depth depth{{static_cast<int>(map.width),
               static_cast<int>(map.height),
               {floats.values().begin(), floats.values().end()}},
              decoder->kind};
  decoder->convert(depth.plane.values);
  for (auto& value : depth.plane.values) {
    if (!std::isfinite(value)) value = kUnknown;
  }
  return depth;
}

Depth to_metric(const Depth& disparity, double focal, double baseline) {
  if (!(focal > 0 && baseline > 0 && std::isfinite(focal * baseline))) {
    throw Error(ErrorCode::kBadRequest, "focal length and baseline are above 0",
                "the focal length is in pixels, the baseline in metres");
  }
  Depth depth{disparity.plane, DepthKind::kMetric};
  for (auto& value : depth.plane.values) {
    const double metres = value > 0 ? focal * baseline / value : kUnknown;
    value = metres <= std::numeric_limits<float>::max() ? static_cast<float>(metres) : kUnknown;
  }
  return depth;
}

Depth to_picture(const Depth& depth, const media::Placement& placement, int input_width,
                 int input_height, int width, int height) {
  const auto& from = depth.plane;
  if (from.width < 1 || from.height < 1 || input_width < 1 || input_height < 1) {
    throw Error(ErrorCode::kBadRequest, "a map without pixels");
  }
  const media::Placement to_map{placement.scale_x * from.width / input_width,
                                placement.scale_y * from.height / input_height,
                                placement.offset_x * from.width / input_width,
                                placement.offset_y * from.height / input_height};
  const auto columns = sample_places(width, to_map.scale_x, to_map.offset_x, from.width);
  const auto rows = sample_places(height, to_map.scale_y, to_map.offset_y, from.height);
  Depth out{{width, height, {}}, depth.kind};
  out.plane.values.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (const auto& row : rows) {
    for (const auto& column : columns) out.plane.values.push_back(sample(from, column, row));
  }
  return out;
}

DepthRange range_of(const Depth& depth, double leave_out) {
  std::vector<float> known;
  std::copy_if(depth.plane.values.begin(), depth.plane.values.end(), std::back_inserter(known),
               [](float value) { return std::isfinite(value); });
  if (known.empty()) return {};
  const double share = std::clamp(leave_out, 0.0, 0.49);
  const auto skip = static_cast<std::ptrdiff_t>(share * static_cast<double>(known.size()));
  const auto low = known.begin() + skip;
  const auto high = known.end() - 1 - skip;
  std::nth_element(known.begin(), low, known.end());
  const float min = *low;
  std::nth_element(known.begin(), high, known.end());
  return {min, *high};
}

}  // namespace hailstone::vision
