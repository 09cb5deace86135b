// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Object detection in its plain dialect, in COCO's and in DOTA's. Pure. YOLO's is
// picture/yolo_text.

#include <cstdint>
#include <string>
#include <vector>

#include "services/vision/detect/task.hpp"

namespace hailstone::detect {

/// The names of the options that are read.
std::vector<std::string> request_options();

/// Throws Error(kBadRequest) that names the field.
Request parse_request(const picture::PictureRequest& request);

/// [{"label":"person","confidence":0.91,"bbox":[x,y,width,height]}]; turned boxes also have
/// "angle", radians clockwise, and "corners", [[x,y], ...] from the top left one clockwise before
/// turning; bbox is the upright box around them.
std::string write_plain(const Result& result);

/// [{"image_id":7,"category_id":1,"bbox":[...],"score":0.91}]; turned boxes are a "segmentation",
/// too: a polygon of four corners.
std::string write_coco(const Result& result, std::int64_t image_id);

/// "x1 y1 x2 y2 x3 y3 x4 y4 label 0": a line for each object, the last number says that it is not
/// difficult. Blanks in labels become '-', as in DOTA's own.
std::string write_dota(const Result& result);

}  // namespace hailstone::detect
