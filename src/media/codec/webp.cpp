// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <webp/decode.h>

#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "media/codec/orientation.hpp"
#include "media/codec/stored.hpp"

namespace hailstone::media {
namespace {

const std::uint8_t* data_of(std::string_view bytes) noexcept {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

void check(VP8StatusCode status, std::string_view bytes) {
  switch (status) {
    case VP8_STATUS_OK:
      return;
    case VP8_STATUS_OUT_OF_MEMORY:
      throw Error(ErrorCode::kTooLarge, "the WebP picture needs too much memory to be decoded");
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      refuse_incomplete(ImageFormat::kWebp, bytes.size(), {});
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      throw Error(ErrorCode::kUnsupported, "the WebP picture uses a feature that is not supported");
    default:
      refuse_broken(ImageFormat::kWebp, "its data make no sense");
  }
}

WebPBitstreamFeatures read_features(std::string_view bytes) {
  WebPBitstreamFeatures features{};
  check(WebPGetFeatures(data_of(bytes), bytes.size(), &features), bytes);
  if (!features.has_animation) return features;
  throw Error(ErrorCode::kUnsupported, "animated WebP pictures are not supported",
              "send one picture of the animation");
}

/// A chunk of the container: four letters, size, data, a byte of padding after an odd size.
/// https://developers.google.com/speed/webp/docs/riff_container
std::string_view find_chunk(std::string_view riff, std::string_view name) noexcept {
  constexpr std::size_t kHead = 8;
  riff.remove_prefix(std::min<std::size_t>(12, riff.size()));
  while (riff.size() >= kHead) {
    std::size_t size = 0;
    for (int i = 7; i >= 4; --i) size = size << 8 | static_cast<std::uint8_t>(riff[i]);
    if (size > riff.size() - kHead) return {};
    if (riff.starts_with(name)) return riff.substr(kHead, size);
    riff.remove_prefix(std::min(kHead + size + size % 2, riff.size()));
  }
  return {};
}

void decode_into(std::string_view bytes, WEBP_CSP_MODE mode, const Image& size, bool is_scaled,
                 std::vector<std::uint8_t>& pixels) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    throw Error(ErrorCode::kInternal, "libwebp is another version than at build time");
  }
  config.options.use_scaling = is_scaled;
  config.options.scaled_width = size.width;
  config.options.scaled_height = size.height;
  config.output.colorspace = mode;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels.data();
  config.output.u.RGBA.stride = static_cast<int>(pixels.size() / size.height);
  config.output.u.RGBA.size = pixels.size();
  check(WebPDecode(data_of(bytes), bytes.size(), &config), bytes);
}

}  // namespace

StoredHeader read_webp_header(std::string_view bytes) {
  const auto features = read_features(bytes);
  return {features.width, features.height, find_exif_orientation(find_chunk(bytes, "EXIF"))};
}

StoredImage decode_webp(std::string_view bytes, double scale) {
  const auto features = read_features(bytes);
  Image image = make_image(static_cast<int>(std::ceil(features.width * scale)),
                           static_cast<int>(std::ceil(features.height * scale)));
  const bool is_scaled = image.width < features.width || image.height < features.height;
  if (features.has_alpha) {
    std::vector<std::uint8_t> rgba(image.pixels.size() / 3 * 4);
    decode_into(bytes, MODE_RGBA, image, is_scaled, rgba);
    flatten(rgba.data(), rgba.size() / 4, image.pixels.data());
  } else {
    decode_into(bytes, MODE_RGB, image, is_scaled, image.pixels);
  }
  const double scale_x = static_cast<double>(image.width) / features.width;
  const double scale_y = static_cast<double>(image.height) / features.height;
  return {std::move(image), scale_x, scale_y};
}

}  // namespace hailstone::media
