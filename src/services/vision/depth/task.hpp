// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far away everything in a picture is, as plain values.

#include <optional>
#include <string>

#include "media/draw/colormap.hpp"
#include "services/vision/picture/network.hpp"
#include "vision/dense/depth.hpp"

namespace hailstone::depth {

enum class Format {
  kPng,    ///< 16 bits: see write_depth
  kColor,  ///< an 8-bit PNG with a colour map, near things bright
  kNpy,    ///< NumPy, float32 [height, width]
  kPfm,    ///< portable float map
};

/// Of a rectified pair of cameras: what turns disparity into metres.
struct StereoRig {
  double focal = 0;     ///< pixels of the pictures as they were sent
  double baseline = 0;  ///< metres between the cameras
};

struct Task {
  bool is_pair = false;  ///< the pictures "left" and "right", not the first alone
  std::string model;     ///< empty: the task's default
  Format format = Format::kPng;
  media::Colormap colormap = media::Colormap::kInferno;
  std::optional<StereoRig> rig;
};

struct Result {
  vision::Depth depth;  ///< in the resolution of the (left) picture
  std::string model;
  std::string engine;
  picture::Timings timings;
};

}  // namespace hailstone::depth
