// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Encoded pictures to pixels: JPEG, PNG and WebP, told apart by content. The bytes are a
// stranger's: nothing is believed, and sizes are checked before anything is decoded.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "media/image.hpp"
#include "media/placement.hpp"

namespace hailstone::media {

enum class ImageFormat : std::uint8_t { kJpeg, kPng, kWebp };

/// "JPEG", "PNG", "WebP".
std::string_view to_string(ImageFormat format) noexcept;

struct ImageHeader {
  ImageFormat format = ImageFormat::kJpeg;
  int width = 0;  ///< as one sees it, after the orientation is applied
  int height = 0;
  int orientation = 1;  ///< EXIF's, 1 to 8, already accounted for in width and height
};

/// Which sides of a picture must not become shorter than the wanted size.
enum class Sides : std::uint8_t {
  kBoth,   ///< to be stretched or cropped to that size
  kOneOf,  ///< to be letterboxed into that size
};

struct DecodeOptions {
  /// The size that is needed: a larger picture may be decoded smaller, which saves most of the
  /// time, but never below this. Zero: the full size.
  int min_width = 0;
  int min_height = 0;
  Sides sides = Sides::kBoth;

  std::int64_t max_pixels = 100'000'000;          ///< of the original
  std::size_t max_bytes = std::size_t{64} << 20;  ///< of the file
};

struct DecodedImage {
  Image image;
  ImageHeader header;   ///< of the original
  Placement placement;  ///< from the original's pixels, as one sees it, to those of the image
};

/// Reads no more than the file's head. Throws Error(kBadRequest) where it is broken or no picture,
/// kUnsupported for formats that are known and not read. Pure, as everything here: any thread.
ImageHeader read_image_header(std::string_view bytes);

/// A picture that is not complete is an error: "the JPEG picture ends too early: ...". Transparent
/// pixels lie on white; 16 bits become 8; CMYK becomes RGB without a colour profile (none is ever
/// applied); the EXIF orientation is applied. Of an animated PNG this is the picture that stands
/// for it; an animated WebP is refused. Throws what read_image_header throws, and Error(kTooLarge)
/// beyond a limit, before anything is decoded.
DecodedImage decode_image(std::string_view bytes, const DecodeOptions& options = {});

}  // namespace hailstone::media
