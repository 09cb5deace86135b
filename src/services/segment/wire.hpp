// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Instance segmentation in its plain dialect and in COCO's. Pure.

#include <cstdint>
#include <string>

#include "services/picture/objects.hpp"

namespace hailstone::segment {

enum class MaskFormat : std::uint8_t {
  kRle,      ///< COCO's run lengths, compressed, of the whole picture
  kPolygon,  ///< outlines, as [[x1,y1,x2,y2,...]]
  kPng,      ///< base64 of a grey PNG of the box: 255 is the object
};

/// "rle" (the default), "polygon" or "png". Throws Error(kBadRequest).
MaskFormat parse_mask_format(std::string_view text);

/// [{"label","confidence","bbox":[...],"area":pixels,"mask":...}]; "mask" is what its format says:
/// {"size":[height,width],"counts":"..."}, [[x1,y1,...]] or base64.
std::string write_plain(const picture::ObjectResult& result, MaskFormat format);

/// [{"image_id","category_id","bbox","score","segmentation"}]; polygons or run lengths.
std::string write_coco(const picture::ObjectResult& result, std::int64_t image_id,
                       MaskFormat format);

}  // namespace hailstone::segment
