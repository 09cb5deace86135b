// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the three formats have in common: a picture as the file has it, before it is turned.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "media/codec/decode.hpp"

namespace hailstone::media {

struct StoredHeader {
  int width = 0;
  int height = 0;
  int orientation = 1;
};

struct StoredImage {
  Image image;
  double scale_x = 1;  ///< from the file's pixels to the image's
  double scale_y = 1;
};

// As decode.hpp promises; the size of the header was allowed. scale: at least that much of the full
// size is needed, up to 1.
StoredHeader read_jpeg_header(std::string_view bytes);
StoredImage decode_jpeg(std::string_view bytes, double scale);
StoredHeader read_png_header(std::string_view bytes);
StoredImage decode_png(std::string_view bytes);
StoredHeader read_webp_header(std::string_view bytes);
StoredImage decode_webp(std::string_view bytes, double scale);

/// RGBA onto white.
void flatten(const std::uint8_t* rgba, std::size_t pixels, std::uint8_t* rgb) noexcept;

[[noreturn]] void refuse_broken(ImageFormat format, const std::string& reason);
/// where: what was reached, as in "57 of 480 rows".
[[noreturn]] void refuse_incomplete(ImageFormat format, std::size_t size, const std::string& where);

}  // namespace hailstone::media
