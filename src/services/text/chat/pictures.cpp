// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "media/geometry/fit.hpp"

namespace hailstone::chat {
namespace {

/// What an engine would have to decode; more is a bomb or a poster.
constexpr std::int64_t kMostPixels = 100'000'000;

constexpr int kQuality = 95;

media::FitOptions shrunk(const media::ImageHeader& header, int most_side) {
  const double longer = std::max(header.width, header.height);
  const double scale = std::min(1.0, most_side / longer);
  const auto side = [&](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  return {.width = side(header.width),
          .height = side(header.height),
          .fit = media::Fit::kStretch,
          .filter = media::Filter::kArea};
}

}  // namespace

std::string prepare_picture(std::string bytes, int most_side) {
  const auto header = media::read_image_header(bytes);
  if (std::int64_t{header.width} * header.height > kMostPixels) {
    throw Error(ErrorCode::kTooLarge, "the picture has " + std::to_string(header.width) + " x " +
                                          std::to_string(header.height) +
                                          " pixels, which is more than 100 million");
  }
  const bool is_small = std::max(header.width, header.height) <= most_side;
  const bool is_read = header.format != media::ImageFormat::kWebp && header.orientation == 1;
  if (is_small && is_read) return bytes;
  const auto wanted = shrunk(header, most_side);
  const auto decoded = media::decode_image(
      bytes, {.min_width = wanted.width, .min_height = wanted.height, .max_pixels = kMostPixels});
  const auto fitted = media::fit_image(decoded.image, wanted);
  if (header.format == media::ImageFormat::kJpeg) return media::encode_jpeg(fitted.image, kQuality);
  return media::encode_png(fitted.image);
}

void prepare_pictures(std::vector<inference::Message>& messages) {
  for (std::size_t m = 0; m < messages.size(); ++m) {
    auto& parts = messages[m].parts;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      if (parts[p].kind != inference::Part::Kind::kImage) continue;
      try {
        parts[p].data = prepare_picture(std::move(parts[p].data));
      } catch (const Error& error) {  // which of several pictures it is, only this place knows
        throw Error(error.code(),
                    "picture in message " + std::to_string(m + 1) + ": " + error.what(),
                    error.detail());
      }
    }
  }
}

}  // namespace hailstone::chat
