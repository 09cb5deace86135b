// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/codec/decode.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "media/codec/orientation.hpp"
#include "media/codec/stored.hpp"

namespace hailstone::media {
namespace {

std::optional<ImageFormat> find_format(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xFF\xD8\xFF")) return ImageFormat::kJpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return ImageFormat::kPng;
  if (bytes.starts_with("RIFF") &&
      bytes.substr(std::min<std::size_t>(8, bytes.size())).starts_with("WEBP")) {
    return ImageFormat::kWebp;
  }
  return std::nullopt;
}

struct Signature {
  std::size_t at;
  std::string_view bytes;
  std::string_view name;
};

/// What people send in the belief that everything reads it.
constexpr std::array kOthers = {
    Signature{0, "GIF8", "GIF"},         Signature{0, "BM", "BMP"},
    Signature{0, {"II*\0", 4}, "TIFF"},  Signature{0, {"MM\0*", 4}, "TIFF"},
    Signature{4, "ftypavi", "AVIF"},     Signature{4, "ftyphe", "HEIC"},
    Signature{4, "ftypmif1", "HEIC"},    Signature{4, "JXL ", "JPEG XL"},
    Signature{0, "\xFF\x0A", "JPEG XL"}, Signature{4, "jP  ", "JPEG 2000"},
    Signature{0, "%PDF", "PDF"},         Signature{0, "<svg", "SVG"},
};

ImageFormat require_format(std::string_view bytes) {
  constexpr auto kDetail = "send JPEG, PNG or WebP";
  if (bytes.empty()) throw Error(ErrorCode::kBadRequest, "the picture is empty", kDetail);
  if (const auto format = find_format(bytes)) return *format;
  for (const auto& other : kOthers) {
    if (bytes.size() > other.at && bytes.substr(other.at).starts_with(other.bytes)) {
      throw Error(ErrorCode::kUnsupported, std::string(other.name) + " pictures are not supported",
                  kDetail);
    }
  }
  throw Error(ErrorCode::kBadRequest, "this is no picture in a known format", kDetail);
}

StoredHeader read_stored_header(ImageFormat format, std::string_view bytes) {
  switch (format) {
    case ImageFormat::kPng:
      return read_png_header(bytes);
    case ImageFormat::kWebp:
      return read_webp_header(bytes);
    case ImageFormat::kJpeg:
      break;
  }
  return read_jpeg_header(bytes);
}

StoredImage decode_stored(ImageFormat format, std::string_view bytes, double scale) {
  switch (format) {
    case ImageFormat::kPng:
      return decode_png(bytes);
    case ImageFormat::kWebp:
      return decode_webp(bytes, scale);
    case ImageFormat::kJpeg:
      break;
  }
  return decode_jpeg(bytes, scale);
}

ImageHeader as_seen(ImageFormat format, StoredHeader stored) noexcept {
  if (turn_of(stored.orientation).swaps_axes) std::swap(stored.width, stored.height);
  return {format, stored.width, stored.height, stored.orientation};
}

void check_size(std::string_view bytes, const DecodeOptions& options) {
  if (bytes.size() <= options.max_bytes) return;
  throw Error(ErrorCode::kTooLarge, "the picture has " + std::to_string(bytes.size()) +
                                        " bytes; at most " + std::to_string(options.max_bytes) +
                                        " are read");
}

void check_pixels(const ImageHeader& header, const DecodeOptions& options) {
  if (std::int64_t{header.width} * header.height <= options.max_pixels) return;
  throw Error(ErrorCode::kTooLarge,
              "the picture has " + std::to_string(header.width) + " x " +
                  std::to_string(header.height) + " pixels; at most " +
                  std::to_string(options.max_pixels) + " are decoded",
              "send it smaller");
}

double needed_scale(const ImageHeader& header, const DecodeOptions& options) noexcept {
  if (options.min_width <= 0 || options.min_height <= 0) return 1;
  const double x = static_cast<double>(options.min_width) / header.width;
  const double y = static_cast<double>(options.min_height) / header.height;
  return std::min(1.0, options.sides == Sides::kBoth ? std::max(x, y) : std::min(x, y));
}

/// A scaled JPEG's last pixel may cover less than the others of the original; turned, it is the
/// first one, and the original begins within it.
Placement placement_of(const StoredImage& stored, const ImageHeader& header,
                       const Image& image) noexcept {
  const Turn turn = turn_of(header.orientation);
  Placement result{stored.scale_x, stored.scale_y, 0, 0};
  if (turn.swaps_axes) std::swap(result.scale_x, result.scale_y);
  if (turn.flips_x) result.offset_x = image.width - header.width * result.scale_x;
  if (turn.flips_y) result.offset_y = image.height - header.height * result.scale_y;
  return result;
}

}  // namespace

std::string_view to_string(ImageFormat format) noexcept {
  switch (format) {
    case ImageFormat::kPng:
      return "PNG";
    case ImageFormat::kWebp:
      return "WebP";
    case ImageFormat::kJpeg:
      break;
  }
  return "JPEG";
}

ImageHeader read_image_header(std::string_view bytes) {
  const ImageFormat format = require_format(bytes);
  return as_seen(format, read_stored_header(format, bytes));
}

DecodedImage decode_image(std::string_view bytes, const DecodeOptions& options) {
  check_size(bytes, options);
  const ImageHeader header = read_image_header(bytes);
  check_pixels(header, options);
  StoredImage stored = decode_stored(header.format, bytes, needed_scale(header, options));
  Image image = turned(std::move(stored.image), turn_of(header.orientation));
  const Placement placement = placement_of(stored, header, image);
  return {std::move(image), header, placement};
}

}  // namespace hailstone::media
