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
    {"disparity", keep, DepthKind::kDisparity},
    {"inverse-depth", read_inverse, DepthKind::kRelative},
    {"metric-depth", keep, DepthKind::kMetric},
    {"scdepth", read_scdepth, DepthKind::kRelative},
}};

const Decoder* find_decoder(std::string_view name) noexcept {
  const auto* found = std::find_if(kDecoders.begin(), kDecoders.end(),
                                   [&](const Decoder& decoder) { return decoder.name == name; });
  return found == kDecoders.end() ? nullptr : found;
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
