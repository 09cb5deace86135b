// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Segmentation in its plain dialect and in COCO's. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "services/vision/segment/task.hpp"

namespace hailstone::segment {

enum class MaskFormat : std::uint8_t {
  kRle,      ///< COCO's run lengths, compressed, of the whole picture
  kPolygon,  ///< outlines, as [[x1,y1,x2,y2,...]]
  kPng,      ///< base64 of a grey PNG of the box: 255 is the object
};

enum class Format : std::uint8_t { kJson, kCoco, kImage, kMap, kYolo, kClasses };

struct Request {
  Task task;
  Format format = Format::kJson;
  MaskFormat mask = MaskFormat::kRle;
  std::int64_t image_id = 0;  ///< for COCO's results
  picture::ImageFile file = picture::ImageFile::kJpeg;
};

/// The names of the options that are read.
std::vector<std::string> request_options();

/// Fields: those of picture::parse_object_request, where "format" may be "map" as well; "mask"
/// (rle, polygon, png); "kind" (instance, semantic). Throws Error(kBadRequest) that names the
/// field.
Request parse_request(const picture::PictureRequest& request);

/// Of objects: [{"label","confidence","bbox":[...],"area":pixels,"mask":...}]; of classes "share"
/// instead of "confidence". "mask" is what its format says: {"size":[height,width],"counts":"..."},
/// [[x1,y1,...]] or base64.
std::string write_plain(const Result& result, MaskFormat format);

/// [{"image_id","category_id","bbox","score","segmentation"}]; polygons or run lengths.
std::string write_coco(const Result& result, std::int64_t image_id, MaskFormat format);

/// A grey PNG as large as the picture or its region: each pixel's class, in 16 bits where 8 are not
/// enough.
std::string write_map(const Result& result);

}  // namespace hailstone::segment
