// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/region.hpp"

#include <cmath>

#include "base/error.hpp"
#include "media/geometry/warp.hpp"

namespace hailstone::picture {
namespace {

media::Box to_decoded(const media::Box& box, const media::Placement& placement) {
  return {box.x * placement.scale_x + placement.offset_x,
          box.y * placement.scale_y + placement.offset_y, box.width * placement.scale_x,
          box.height * placement.scale_y};
}

}  // namespace

Region find_region(const media::DecodedImage& picture, const std::optional<media::Box>& wanted) {
  const auto& image = picture.image;
  if (!wanted) {
    return {{0, 0, static_cast<double>(image.width), static_cast<double>(image.height)}, true};
  }
  if (wanted->x >= picture.header.width || wanted->y >= picture.header.height) {
    throw Error(ErrorCode::kBadRequest, "region lies outside of the picture of " +
                                            std::to_string(picture.header.width) + "x" +
                                            std::to_string(picture.header.height) + " pixels");
  }
  const media::Box box = to_decoded(*wanted, picture.placement);
  return {{std::floor(box.x), std::floor(box.y), std::ceil(box.width), std::ceil(box.height)},
          false};
}

const media::Image& cut_region(const media::DecodedImage& picture, const Region& region,
                               media::Image& scratch) {
  if (region.is_whole) return picture.image;
  scratch = media::crop(picture.image, region.box);
  return scratch;
}

}  // namespace hailstone::picture
