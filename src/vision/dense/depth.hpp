// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depth of every pixel. Pure; any thread.

#include <cstdint>
#include <string_view>

#include "inference/tensor_session.hpp"
#include "media/placement.hpp"
#include "media/plane.hpp"
#include "vision/tensors/float_tensor.hpp"

namespace hailstone::vision {

enum class DepthKind : std::uint8_t {
  kRelative,   ///< larger is farther, in no unit
  kMetric,     ///< metres
  kDisparity,  ///< pixels between the left and the right picture: larger is nearer
};

/// In the network's resolution.
struct Depth {
  media::Plane<float> plane;  ///< NaN: not known there
  DepthKind kind = DepthKind::kRelative;
};

/// Decoders: "scdepth" 1 / (10 sigmoid(x) + 0.009); "inverse-depth" 1 / x, the range of x first
/// brought to 0.02 .. 1; "depth" as it is, relative; "metric-depth" as it is, metres; "disparity"
/// as it is. Throws Error(kBadRequest) for another, Error(kEngineFailed) for a tensor that is no
/// map of one channel.
Depth read_depth(std::string_view decoder, const inference::Tensor& tensor,
                 Quantization quantization = {});

bool is_depth_decoder(std::string_view name) noexcept;

/// Metres of a rectified pair: focal (pixels) * baseline (metres) / disparity; unknown where the
/// disparity is not above 0. Throws Error(kBadRequest) unless both are above 0.
Depth to_metric(const Depth& disparity, double focal, double baseline);

/// In the picture's resolution: bilinear between the pixels of the map, which covers the network's
/// input of that size; the nearest pixel where one of them is not known. Values stay as they are.
Depth to_picture(const Depth& depth, const media::Placement& placement, int input_width,
                 int input_height, int width, int height);

/// Smallest and largest value that is known, after leaving out the given share (0 to 0.49) at
/// either end: what a picture of it is scaled by. Both 0 where nothing is known.
struct DepthRange {
  float min = 0;
  float max = 0;
};
DepthRange range_of(const Depth& depth, double leave_out = 0.02);

}  // namespace hailstone::vision
