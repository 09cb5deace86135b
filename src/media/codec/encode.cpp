// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/codec/encode.hpp"

#include <cassert>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// jpeglib.h needs the first two above.
#include <jpeglib.h>
#include <png.h>

#include "base/error.hpp"
#include "media/codec/escape.hpp"

namespace hailstone::media {
namespace {

struct PngKind {
  int color;
  int bits;
  std::size_t pixel_bytes;
};

class PngWriter {
 public:
  PngWriter() {
    const auto fail = [](png_structp png, png_const_charp message) {
      static_cast<PngWriter*>(png_get_error_ptr(png))->escape_.leave(message);
    };
    const auto ignore = [](png_structp, png_const_charp) {};
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, fail, ignore);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ != nullptr) return;
    png_destroy_write_struct(&png_, nullptr);
    throw Error(ErrorCode::kOutOfMemory, "there is no memory to write a PNG picture");
  }
  ~PngWriter() { png_destroy_write_struct(&png_, &info_); }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;

  std::string write(int width, int height, const PngKind& kind, const void* pixels) {
    const auto* row = static_cast<const png_byte*>(pixels);
    const std::size_t stride = kind.pixel_bytes * width;
    const bool done = completes(escape_, [&] {
      png_set_write_fn(png_, this, &PngWriter::append, nullptr);
      png_set_compression_level(png_, 1);
      png_set_filter(png_, 0, PNG_FILTER_SUB);
      png_set_IHDR(png_, info_, width, height, kind.bits, kind.color, PNG_INTERLACE_NONE,
                   PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
      png_write_info(png_, info_);
      if (kind.bits == 16) png_set_swap(png_);
      for (int y = 0; y < height; ++y) png_write_row(png_, row + y * stride);
      png_write_end(png_, info_);
    });
    if (!done) throw Error(ErrorCode::kInternal, std::string("writing PNG: ") + escape_.message);
    return std::move(bytes_);
  }

 private:
  static void append(png_structp png, png_bytep data, std::size_t length) {
    auto& bytes = static_cast<PngWriter*>(png_get_io_ptr(png))->bytes_;
    bool has_room = true;
    try {
      bytes.append(reinterpret_cast<const char*>(data), length);
    } catch (const std::bad_alloc&) {
      has_room = false;
    }
    if (!has_room) png_error(png, "no memory");
  }

  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  Escape escape_;
  std::string bytes_;
};

class JpegWriter {
 public:
  JpegWriter() {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = [](j_common_ptr info) {
      auto& self = *static_cast<JpegWriter*>(info->client_data);
      info->err->format_message(info, self.escape_.message);
      self.escape_.leave();
    };
    if (!completes(escape_, [&] { jpeg_create_compress(&info_); })) fail();
  }
  ~JpegWriter() {
    jpeg_destroy_compress(&info_);
    std::free(bytes_);
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  std::string write(const Image& image, int quality) {
    const bool done = completes(escape_, [&] {
      jpeg_mem_dest(&info_, &bytes_, &size_);
      info_.image_width = image.width;
      info_.image_height = image.height;
      info_.input_components = 3;
      info_.in_color_space = JCS_RGB;
      jpeg_set_defaults(&info_);
      jpeg_set_quality(&info_, quality, TRUE);
      jpeg_start_compress(&info_, TRUE);
      while (info_.next_scanline < info_.image_height) {
        auto* row = const_cast<JSAMPROW>(image.pixels.data()) +
                    std::size_t{3} * info_.next_scanline * image.width;
        jpeg_write_scanlines(&info_, &row, 1);
      }
      jpeg_finish_compress(&info_);
    });
    if (!done) fail();
    return {reinterpret_cast<const char*>(bytes_), size_};
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorCode::kInternal, std::string("writing JPEG: ") + escape_.message);
  }

  jpeg_compress_struct info_{};
  jpeg_error_mgr errors_{};
  Escape escape_;
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

std::string encode_png(const Image& image) {
  assert(image.pixels.size() == std::size_t{3} * image.width * image.height);
  return PngWriter().write(image.width, image.height, {PNG_COLOR_TYPE_RGB, 8, 3},
                           image.pixels.data());
}

std::string encode_png(const Plane<std::uint8_t>& gray) {
  assert(gray.values.size() == std::size_t{1} * gray.width * gray.height);
  return PngWriter().write(gray.width, gray.height, {PNG_COLOR_TYPE_GRAY, 8, 1},
                           gray.values.data());
}

std::string encode_png(const Plane<std::uint16_t>& gray) {
  assert(gray.values.size() == std::size_t{1} * gray.width * gray.height);
  return PngWriter().write(gray.width, gray.height, {PNG_COLOR_TYPE_GRAY, 16, 2},
                           gray.values.data());
}

std::string encode_jpeg(const Image& image, int quality) {
  assert(image.pixels.size() == std::size_t{3} * image.width * image.height);
  return JpegWriter().write(image, quality);
}

}  // namespace hailstone::media
