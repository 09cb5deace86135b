// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depth requests, and their results as files. Pure.

#include <string>
#include <vector>

#include "services/vision/depth/task.hpp"

namespace hailstone::depth {

/// The names of the options that are read.
std::vector<std::string> task_options();

/// Pictures: one of any name, or "left" and "right". Fields: "model", "format" (png, color, npy,
/// pfm), "colormap", "focal" and "baseline" (both or none). Throws Error(kBadRequest) that names
/// the field.
Task parse_task(const picture::PictureRequest& request);

struct DepthFile {
  std::string content_type;
  std::string bytes;
  std::string
      figures;  ///< for the header X-Hailstone-Depth: "kind=metric; unit=mm; min=..; max=.."
};

/// A 16-bit PNG has millimetres for metric depth (as RealSense's), 256 times the pixels for
/// disparity (as KITTI's), and for relative depth 1 (nearest) to 65535; 0 is not known. NPY and PFM
/// have the values themselves, NaN or +infinity for not known.
DepthFile write_depth(const vision::Depth& depth, Format format, media::Colormap colormap);

}  // namespace hailstone::depth
