// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client's picture, decoded once for all who look at it.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "media/codec/decode.hpp"
#include "services/vision/picture/upload/picture_request.hpp"

namespace hailstone::picture {

struct Size {
  int width = 0;  ///< zero: any
  int height = 0;
};

/// Belongs to the request's thread.
class Photo {
 public:
  explicit Photo(UploadedPicture upload) : upload_(std::move(upload)) {}

  /// As the client called it: "image", "left".
  const std::string& name() const noexcept { return upload_.name; }
  /// The file as it came; as long as the photo.
  std::string_view encoded() const noexcept { return upload_.bytes; }

  /// Throws as media::read_image_header does; cheap, so that no model is loaded for what is no
  /// picture.
  const media::ImageHeader& header();
  Size size() { return {header().width, header().height}; }

  /// Decoded at the first call, and again only for who needs more pixels than are there. Throws as
  /// media::decode_image does. Stays as it is until the next call.
  const media::DecodedImage& decode(const media::DecodeOptions& options = {});

  /// All of its pixels, to be drawn on. They are gone from here.
  media::Image take_image();

 private:
  UploadedPicture upload_;
  std::optional<media::ImageHeader> header_;
  std::optional<media::DecodedImage> decoded_;
};

/// All pictures of a request, in the client's order. They are gone from there.
std::vector<Photo> take_photos(PictureRequest& request);

/// Whether a picture that has been decoded smaller has all the pixels that are wanted. Pure.
bool has_enough(const media::DecodedImage& decoded, const media::DecodeOptions& wanted) noexcept;

}  // namespace hailstone::picture
