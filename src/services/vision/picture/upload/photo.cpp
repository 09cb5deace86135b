// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/upload/photo.hpp"

#include <utility>

namespace hailstone::picture {

bool has_enough(const media::DecodedImage& decoded, const media::DecodeOptions& wanted) noexcept {
  const auto& [image, header, placement] = decoded;
  const bool is_wide =
      image.width >= header.width || (wanted.min_width > 0 && image.width >= wanted.min_width);
  const bool is_high =
      image.height >= header.height || (wanted.min_height > 0 && image.height >= wanted.min_height);
  return wanted.sides == media::Sides::kBoth ? is_wide && is_high : is_wide || is_high;
}

const media::ImageHeader& Photo::header() {
  if (!header_) header_ = media::read_image_header(upload_.bytes);
  return *header_;
}

const media::DecodedImage& Photo::decode(const media::DecodeOptions& options) {
  if (!decoded_ || !has_enough(*decoded_, options)) {
    decoded_ = media::decode_image(upload_.bytes, options);
  }
  return *decoded_;
}

std::vector<Photo> take_photos(PictureRequest& request) {
  std::vector<Photo> photos;
  photos.reserve(request.pictures.size());
  for (auto& picture : std::exchange(request.pictures, {})) photos.emplace_back(std::move(picture));
  return photos;
}

media::Image Photo::take_image() {
  decode();
  return std::exchange(decoded_, std::nullopt)->image;
}

}  // namespace hailstone::picture
