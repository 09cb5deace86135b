// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small pictures of every kind, written by the libraries themselves: what our own encoders never
// write. Tests only: a library that fails here ends the process.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// jpeglib.h needs the first ones above.
#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include "media/image.hpp"

namespace hailstone::media::testing {

/// A TIFF structure with nothing but the orientation, as a number of four bytes.
inline std::string make_long_exif(int orientation) {
  return std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x04\0\0\0\x01\0\0\0", 21) +
         static_cast<char>(orientation) + std::string(4, '\0');
}

/// The same in two bytes, as usual.
inline std::string make_exif(int orientation, bool big_endian = false) {
  const char value = static_cast<char>(orientation);
  if (big_endian) {
    return std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19) + value +
           std::string(6, '\0');
  }
  return std::string("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18) + value +
         std::string(7, '\0');
}

struct JpegKind {
  J_COLOR_SPACE input = JCS_RGB;
  J_COLOR_SPACE stored = JCS_YCbCr;
  int components = 3;
  bool progressive = false;
  bool arithmetic = false;
  std::string exif = {};
  unsigned restart_interval = 0;  ///< in blocks; 0: none
};

/// samples: rows of `components` values a pixel, as libjpeg wants them.
inline std::string make_jpeg(int width, int height, const std::vector<std::uint8_t>& samples,
                             const JpegKind& kind = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = width;
  info.image_height = height;
  info.input_components = kind.components;
  info.in_color_space = kind.input;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, kind.stored);
  jpeg_set_quality(&info, 95, TRUE);
  if (kind.progressive) jpeg_simple_progression(&info);
  info.arith_code = kind.arithmetic;
  info.restart_interval = kind.restart_interval;
  jpeg_start_compress(&info, TRUE);
  if (!kind.exif.empty()) {
    const auto marker = std::string("Exif\0\0", 6) + kind.exif;
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(marker.data()),
                      static_cast<unsigned>(marker.size()));
  }
  for (int y = 0; y < height; ++y) {
    auto* row = const_cast<JSAMPROW>(samples.data()) + std::size_t{1} * y * width * kind.components;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  std::string result(reinterpret_cast<char*>(bytes), size);
  jpeg_destroy_compress(&info);
  std::free(bytes);
  return result;
}

struct PngKind {
  int color = PNG_COLOR_TYPE_RGB;
  int bits = 8;
  int interlace = PNG_INTERLACE_NONE;
  std::vector<png_color> palette = {};
  std::vector<png_byte> palette_alpha = {};
  std::string exif = {};
};

/// rows: packed as the file has them, 16 bits most significant byte first.
inline std::string make_png(int width, int height, std::vector<std::vector<std::uint8_t>> rows,
                            const PngKind& kind = {}) {
  auto* png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  auto* info = png_create_info_struct(png);
  std::string bytes;
  png_set_write_fn(
      png, &bytes,
      [](png_structp self, png_bytep data, std::size_t size) {
        static_cast<std::string*>(png_get_io_ptr(self))
            ->append(reinterpret_cast<char*>(data), size);
      },
      nullptr);
  png_set_IHDR(png, info, width, height, kind.bits, kind.color, kind.interlace,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!kind.palette.empty()) {
    png_set_PLTE(png, info, kind.palette.data(), static_cast<int>(kind.palette.size()));
  }
  if (!kind.palette_alpha.empty()) {
    png_set_tRNS(png, info, kind.palette_alpha.data(), static_cast<int>(kind.palette_alpha.size()),
                 nullptr);
  }
  std::string exif = kind.exif;
  if (!exif.empty()) {
    png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()),
                   reinterpret_cast<png_bytep>(exif.data()));
  }
  std::vector<png_bytep> pointers;
  for (auto& row : rows) pointers.push_back(row.data());
  png_set_rows(png, info, pointers.data());
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

inline std::string take_webp(std::uint8_t* bytes, std::size_t size) {
  std::string result(reinterpret_cast<char*>(bytes), size);
  WebPFree(bytes);
  return result;
}

inline std::string make_webp(const Image& image) {
  std::uint8_t* bytes = nullptr;
  const auto size =
      WebPEncodeRGB(image.pixels.data(), image.width, image.height, image.width * 3, 90, &bytes);
  return take_webp(bytes, size);
}

inline std::string make_lossless_webp(int width, int height,
                                      const std::vector<std::uint8_t>& rgba) {
  std::uint8_t* bytes = nullptr;
  const auto size = WebPEncodeLosslessRGBA(rgba.data(), width, height, width * 4, &bytes);
  return take_webp(bytes, size);
}

inline std::string little_endian(std::size_t value, int bytes) {
  std::string result;
  for (int i = 0; i < bytes; ++i, value >>= 8) result += static_cast<char>(value & 0xFF);
  return result;
}

/// The same picture in the extended container, with EXIF behind it or as one frame of an animation.
inline std::string extend_webp(std::string_view simple, int width, int height, unsigned flags,
                               std::string_view exif) {
  std::string body = "WEBPVP8X" + little_endian(10, 4) + little_endian(flags, 4) +
                     little_endian(width - 1, 3) + little_endian(height - 1, 3);
  body += simple.substr(12);
  if (!exif.empty()) body += "EXIF" + little_endian(exif.size(), 4) + std::string(exif);
  if (body.size() % 2 != 0) body += '\0';
  return "RIFF" + little_endian(body.size(), 4) + body;
}

inline Image paint(int width, int height,
                   const std::function<std::vector<std::uint8_t>(int, int)>& color) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto rgb = color(x, y);
      image.pixels.insert(image.pixels.end(), rgb.begin(), rgb.end());
    }
  }
  return image;
}

/// Soft enough for JPEG, and different everywhere.
inline Image gradient(int width, int height) {
  return paint(width, height, [&](int x, int y) -> std::vector<std::uint8_t> {
    return {static_cast<std::uint8_t>(x * 255 / width), static_cast<std::uint8_t>(y * 255 / height),
            static_cast<std::uint8_t>((x + y) * 255 / (width + height))};
  });
}

/// Red, green / blue, white.
inline Image quadrants(int width, int height) {
  return paint(width, height, [&](int x, int y) -> std::vector<std::uint8_t> {
    const bool right = x >= width / 2;
    if (y < height / 2)
      return right ? std::vector<std::uint8_t>{0, 255, 0} : std::vector<std::uint8_t>{255, 0, 0};
    return right ? std::vector<std::uint8_t>{255, 255, 255} : std::vector<std::uint8_t>{0, 0, 255};
  });
}

inline std::vector<std::vector<std::uint8_t>> rows_of(const Image& image) {
  std::vector<std::vector<std::uint8_t>> rows;
  for (int y = 0; y < image.height; ++y) {
    const auto begin = image.pixels.begin() + std::ptrdiff_t{3} * y * image.width;
    rows.emplace_back(begin, begin + std::ptrdiff_t{3} * image.width);
  }
  return rows;
}

}  // namespace hailstone::media::testing
