// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/codec/encode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "media/codec/decode.hpp"
#include "media/codec/testing/samples.hpp"

namespace hailstone::media {
namespace {

using namespace testing;

TEST(EncodePng, KeepsEveryPixel) {
  const Image image = gradient(33, 17);
  EXPECT_EQ(decode_image(encode_png(image)).image.pixels, image.pixels);
  const Plane<std::uint8_t> gray{2, 1, {0, 200}};
  EXPECT_EQ(decode_image(encode_png(gray)).image.pixels,
            (std::vector<std::uint8_t>{0, 0, 0, 200, 200, 200}));
}

/// The samples of a 16-bit grey PNG by libpng's own simple reader, as they lie in the file.
std::vector<std::uint16_t> read_16_bit(const std::string& bytes) {
  auto* png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  auto* info = png_create_info_struct(png);
  std::string_view rest = bytes;
  png_set_read_fn(png, &rest, [](png_structp self, png_bytep data, std::size_t size) {
    auto& left = *static_cast<std::string_view*>(png_get_io_ptr(self));
    std::memcpy(data, left.data(), size);
    left.remove_prefix(size);
  });
  png_read_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  EXPECT_EQ(png_get_bit_depth(png, info), 16);
  EXPECT_EQ(png_get_color_type(png, info), PNG_COLOR_TYPE_GRAY);
  std::vector<std::uint16_t> values;
  for (png_uint_32 y = 0; y < png_get_image_height(png, info); ++y) {
    const auto* row = png_get_rows(png, info)[y];
    for (png_uint_32 x = 0; x < png_get_image_width(png, info); ++x) {
      values.push_back(static_cast<std::uint16_t>(row[2 * x] << 8 | row[2 * x + 1]));
    }
  }
  png_destroy_read_struct(&png, &info, nullptr);
  return values;
}

TEST(EncodePng, KeepsAll16Bits) {
  const Plane<std::uint16_t> plane{3, 2, {0, 1, 256, 1000, 40000, 65535}};
  EXPECT_EQ(read_16_bit(encode_png(plane)), plane.values);
}

TEST(EncodeJpeg, IsSmallerAndWorseWithLessQuality) {
  const Image image = gradient(64, 64);
  const auto good = encode_jpeg(image, 95);
  const auto poor = encode_jpeg(image, 20);
  EXPECT_LT(poor.size(), good.size());
  const auto decoded = decode_image(good).image;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    ASSERT_NEAR(decoded.pixels[i], image.pixels[i], 12);
  }
}

TEST(EncodePfm, WritesRowsBottomUpInLittleEndian) {
  const Plane<float> plane{2, 2, {1.0F, -2.0F, 0.5F, INFINITY}};
  const std::string expected(
      "Pf\n2 2\n-1.0\n"
      "\0\0\0\x3F\0\0\x80\x7F\0\0\x80\x3F\0\0\0\xC0",
      12 + 16);
  EXPECT_EQ(encode_pfm(plane), expected);
}

TEST(EncodeNpy, WritesWhatNumpyWrites) {
  // numpy.save of numpy.array([[1, 2, 3]], dtype), but for blanks.
  const std::vector<std::uint16_t> values = {1, 2, 0x0304};
  const auto npy = encode_npy(values, std::vector<std::int64_t>{1, 3});
  EXPECT_EQ(npy.substr(0, 10), std::string("\x93NUMPY\x01\0\x76\0", 10));
  ASSERT_EQ(npy.size(), 128U + 6);
  const auto header = npy.substr(10, 118);
  EXPECT_TRUE(header.starts_with("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 3, ), }"));
  EXPECT_EQ(header.back(), '\n');
  EXPECT_EQ(npy.substr(128), std::string("\x01\0\x02\0\x04\x03", 6));
}

TEST(EncodeNpy, NamesEachType) {
  const std::vector<std::int64_t> shape = {1};
  EXPECT_NE(encode_npy(std::vector<float>{1}, shape).find("'<f4'"), std::string::npos);
  EXPECT_NE(encode_npy(std::vector<std::uint8_t>{1}, shape).find("'|u1'"), std::string::npos);
  EXPECT_EQ(encode_npy(std::vector<float>{1}, shape).substr(128), std::string("\0\0\x80\x3F", 4));
}

}  // namespace
}  // namespace hailstone::media
