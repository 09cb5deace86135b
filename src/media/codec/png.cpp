// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <png.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "media/codec/escape.hpp"
#include "media/codec/orientation.hpp"
#include "media/codec/stored.hpp"

namespace hailstone::media {
namespace {

/// The most that deflate can pack into one byte.
constexpr std::uint64_t kMaxInflation = 1032;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {
    const auto fail = [](png_structp png, png_const_charp message) {
      static_cast<Reader*>(png_get_error_ptr(png))->escape_.leave(message);
    };
    const auto ignore = [](png_structp, png_const_charp) {};
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, ignore);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ != nullptr) return;
    png_destroy_read_struct(&png_, nullptr, nullptr);
    throw Error(ErrorCode::kOutOfMemory, "there is no memory to read a PNG picture");
  }
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  StoredHeader read_header();
  StoredImage decode();

 private:
  void supply(png_bytep data, std::size_t length);
  int convert_to_8_bit();
  void read_rows(int passes, Image& image);
  void read_alpha_rows(int passes, Image& image);
  /// Within completes(), behind the last row.
  void finish() {
    has_all_rows_ = true;
    png_read_end(png_, nullptr);
  }
  bool is_only_the_end_missing() const noexcept { return has_all_rows_ && is_short_; }
  [[noreturn]] void refuse() const;

  std::string_view bytes_;
  std::size_t used_ = 0;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  png_uint_32 rows_read_ = 0;
  Escape escape_;
  bool is_short_ = false;
  bool has_all_rows_ = false;
};

/// The chunk of that name, which may stand behind the pixels, too; empty where there is none.
std::string_view find_chunk(std::string_view png, std::string_view name) noexcept {
  constexpr std::size_t kHead = 8;
  constexpr std::size_t kCheck = 4;
  png.remove_prefix(std::min<std::size_t>(8, png.size()));
  while (png.size() >= kHead) {
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<std::uint8_t>(png[i]);
    if (size > png.size() - kHead) return {};
    if (png.substr(4).starts_with(name)) return png.substr(kHead, size);
    png.remove_prefix(std::min(kHead + size + kCheck, png.size()));
  }
  return {};
}

void Reader::supply(png_bytep data, std::size_t length) {
  is_short_ = length > bytes_.size() - used_;
  if (is_short_) png_error(png_, "the file ends");
  std::memcpy(data, bytes_.data() + used_, length);
  used_ += length;
}

void Reader::refuse() const {
  if (!is_short_) refuse_broken(ImageFormat::kPng, escape_.message);
  const auto height = png_get_image_height(png_, info_);
  const auto rows = std::to_string(rows_read_) + " of " + std::to_string(height) + " rows";
  refuse_incomplete(ImageFormat::kPng, bytes_.size(), height == 0 ? "" : rows);
}

StoredHeader Reader::read_header() {
  const bool done = completes(escape_, [&] {
    // Texts, profiles and the like may be large when unpacked, and nothing here looks at them.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_read_fn(png_, this, [](png_structp png, png_bytep data, std::size_t size) {
      static_cast<Reader*>(png_get_io_ptr(png))->supply(data, size);
    });
    png_read_info(png_, info_);
  });
  if (!done) refuse();
  return {static_cast<int>(png_get_image_width(png_, info_)),
          static_cast<int>(png_get_image_height(png_, info_)),
          find_exif_orientation(find_chunk(bytes_, "eXIf"))};
}

/// Returns in how many passes the rows come.
int Reader::convert_to_8_bit() {
  int passes = 1;
  const bool done = completes(escape_, [&] {
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_set_gray_to_rgb(png_);
    passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  });
  if (!done) refuse();
  return passes;
}

void Reader::read_rows(int passes, Image& image) {
  const bool done = completes(escape_, [&] {
    for (int pass = 0; pass < passes; ++pass) {
      auto* row = image.pixels.data();
      for (rows_read_ = 0; rows_read_ < static_cast<png_uint_32>(image.height); ++rows_read_) {
        png_read_row(png_, row, nullptr);
        row += std::size_t{3} * image.width;
      }
    }
    finish();
  });
  if (!done && !is_only_the_end_missing()) refuse();
}

/// Only an interlaced picture needs all of its transparent rows at once.
void Reader::read_alpha_rows(int passes, Image& image) {
  const std::size_t stride = std::size_t{4} * image.width;
  const std::size_t step = passes > 1 ? stride : 0;
  std::vector<std::uint8_t> rgba(passes > 1 ? stride * image.height : stride);
  const bool done = completes(escape_, [&] {
    for (int pass = 0; pass < passes; ++pass) {
      for (rows_read_ = 0; rows_read_ < static_cast<png_uint_32>(image.height); ++rows_read_) {
        auto* const row = rgba.data() + rows_read_ * step;
        png_read_row(png_, row, nullptr);
        if (pass + 1 < passes) continue;
        flatten(row, image.width, image.pixels.data() + std::size_t{3} * rows_read_ * image.width);
      }
    }
    finish();
  });
  if (!done && !is_only_the_end_missing()) refuse();
}

StoredImage Reader::decode() {
  const auto header = read_header();
  const auto packed = std::uint64_t{png_get_rowbytes(png_, info_)} * header.height;
  if (bytes_.size() < packed / kMaxInflation) {
    refuse_incomplete(ImageFormat::kPng, bytes_.size(), {});
  }
  const int passes = convert_to_8_bit();
  Image image = make_image(header.width, header.height);
  if (png_get_channels(png_, info_) == 4) {
    read_alpha_rows(passes, image);
  } else {
    read_rows(passes, image);
  }
  return {std::move(image), 1, 1};
}

}  // namespace

StoredHeader read_png_header(std::string_view bytes) {
  return Reader(bytes).read_header();
}

StoredImage decode_png(std::string_view bytes) {
  return Reader(bytes).decode();
}

}  // namespace hailstone::media
