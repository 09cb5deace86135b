// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all vision requests may ask for, beside the picture.

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/shapes.hpp"
#include "services/vision/picture/upload/picture_request.hpp"

namespace hailstone::picture {

enum class Tiling { kOff, kAuto, kOn };

/// For everything that finds objects. A value.
struct ObjectOptions {
  std::string model;                 ///< empty: the task's default
  double threshold = 0.25;           ///< score, 0 to 1
  double iou = 0.45;                 ///< of two boxes of a class, above which the lesser one goes
  int max = 100;                     ///< objects
  std::vector<std::string> classes;  ///< labels; empty: all
  std::optional<media::Box> region;  ///< pixels of the original picture; nothing: all of it
  Tiling tiling = Tiling::kOff;
};

/// "model", "threshold" (also "confidence", "min_confidence"), "iou", "max", "classes", "region"
/// (x,y,width,height in pixels), "tiles" (auto, on, off). defaults: the service's own. Throws
/// Error(kBadRequest) that names the field.
ObjectOptions parse_object_options(const PictureRequest& request, ObjectOptions defaults = {});

/// The names that parse_object_options reads, and these.
std::vector<std::string> object_options(std::initializer_list<const char*> more = {});

/// Throws Error(kBadRequest) that names an option which is none of these, with the nearest one that
/// is, or one that is an object in JSON. What is empty says nothing and may have any name.
void check_options(const PictureRequest& request, std::span<const std::string> known);

/// "x,y,width,height" of a region of the original picture.
media::Box parse_region(std::string_view text);

}  // namespace hailstone::picture
