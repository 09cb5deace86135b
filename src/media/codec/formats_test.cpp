// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/testing/samples.hpp"

namespace hailstone::media {
namespace {

using namespace testing;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<int> first_pixel(const std::string& bytes) {
  const auto image = decode_image(bytes).image;
  return {image.pixels[0], image.pixels[1], image.pixels[2]};
}

std::vector<std::uint8_t> repeat(const std::vector<std::uint8_t>& pixel, int times) {
  std::vector<std::uint8_t> all;
  for (int i = 0; i < times; ++i) all.insert(all.end(), pixel.begin(), pixel.end());
  return all;
}

TEST(Jpeg, ReadsGrayAndProgressivePictures) {
  const auto gray = make_jpeg(16, 16, repeat({77}, 256),
                              {.input = JCS_GRAYSCALE, .stored = JCS_GRAYSCALE, .components = 1});
  EXPECT_THAT(decode_image(gray).image.pixels, Each(77));
  const Image image = gradient(64, 64);
  EXPECT_EQ(decode_image(make_jpeg(64, 64, image.pixels)).image.pixels,
            decode_image(make_jpeg(64, 64, image.pixels, {.progressive = true})).image.pixels);
}

TEST(Jpeg, TurnsInkIntoLight) {
  // libjpeg marks CMYK as Adobe's, whose values are inverted: 255 is no ink.
  const auto ink = repeat({255, 0, 255, 128}, 256);
  for (const auto stored : {JCS_CMYK, JCS_YCCK}) {
    const auto jpeg =
        make_jpeg(16, 16, ink, {.input = JCS_CMYK, .stored = stored, .components = 4});
    const auto pixel = first_pixel(jpeg);
    EXPECT_NEAR(pixel[0], 128, 3);
    EXPECT_NEAR(pixel[1], 0, 3);
    EXPECT_NEAR(pixel[2], 128, 3);
  }
}

TEST(Jpeg, TakesInkForInkWithoutAdobesMark) {
  auto jpeg = make_jpeg(16, 16, repeat({255, 0, 255, 128}, 256),
                        {.input = JCS_CMYK, .stored = JCS_CMYK, .components = 4});
  jpeg.replace(jpeg.find("Adobe"), 5, "Other");
  const auto pixel = first_pixel(jpeg);
  EXPECT_NEAR(pixel[0], 0, 3);
  EXPECT_NEAR(pixel[1], 127, 3);
  EXPECT_NEAR(pixel[2], 0, 3);
}

/// The scan that adds the last bit of each block's mean; another one takes as many bits.
std::string find_refining_scan(const std::string& jpeg) {
  for (auto at = jpeg.find("\xFF\xDA"); at != std::string::npos;
       at = jpeg.find("\xFF\xDA", at + 1)) {
    const bool refines = jpeg.substr(at + 11, 3) == std::string("\0\0\x10", 3);
    if (refines) return jpeg.substr(at, jpeg.find('\xFF', at + 2) - at);
  }
  return {};
}

std::string with_scans(std::string jpeg, int more) {
  const auto scan = find_refining_scan(jpeg);
  EXPECT_FALSE(scan.empty());
  jpeg.resize(jpeg.size() - 2);
  for (int i = 0; i < more; ++i) jpeg += scan;
  return jpeg + "\xFF\xD9";
}

TEST(Jpeg, RefusesMoreScansThanAnyPictureNeeds) {
  const auto jpeg = make_jpeg(16, 16, gradient(16, 16).pixels, {.progressive = true});
  EXPECT_NO_THROW(decode_image(with_scans(jpeg, 80)));
  try {
    decode_image(with_scans(jpeg, 120));
    FAIL() << "decoded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
    EXPECT_THAT(error.what(), HasSubstr("scans"));
  }
}

TEST(Jpeg, RefusesArithmeticCodingInWords) {
  const auto jpeg = make_jpeg(16, 16, gradient(16, 16).pixels, {.arithmetic = true});
  try {
    decode_image(jpeg);
    FAIL() << "decoded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.what(), HasSubstr("arithmetic"));
  }
}

TEST(Jpeg, PutsUpWithBytesAfterItsEnd) {
  EXPECT_NO_THROW(decode_image(make_jpeg(16, 16, gradient(16, 16).pixels) + "some camera's notes"));
}

TEST(Png, ReadsEveryColorTypeAndDepth) {
  const auto one = [](int color, int bits, std::vector<std::uint8_t> row, PngKind kind = {}) {
    kind.color = color;
    kind.bits = bits;
    return first_pixel(make_png(1, 1, {std::move(row)}, kind));
  };
  EXPECT_THAT(one(PNG_COLOR_TYPE_RGB, 8, {1, 2, 3}), ElementsAre(1, 2, 3));
  EXPECT_THAT(one(PNG_COLOR_TYPE_RGB, 16, {1, 0, 2, 0, 3, 255}), ElementsAre(1, 2, 4));
  EXPECT_THAT(one(PNG_COLOR_TYPE_GRAY, 1, {0x80}), ElementsAre(255, 255, 255));
  EXPECT_THAT(one(PNG_COLOR_TYPE_GRAY, 2, {0x40}), ElementsAre(85, 85, 85));
  EXPECT_THAT(one(PNG_COLOR_TYPE_GRAY, 4, {0x20}), ElementsAre(34, 34, 34));
  EXPECT_THAT(one(PNG_COLOR_TYPE_GRAY, 8, {9}), ElementsAre(9, 9, 9));
  EXPECT_THAT(one(PNG_COLOR_TYPE_GRAY, 16, {9, 9}), ElementsAre(9, 9, 9));
  const std::vector<png_color> palette = {{1, 2, 3}, {40, 50, 60}};
  for (const int bits : {1, 2, 4, 8}) {
    const auto index = static_cast<std::uint8_t>(1 << (8 - bits));
    EXPECT_THAT(one(PNG_COLOR_TYPE_PALETTE, bits, {index}, {.palette = palette}),
                ElementsAre(40, 50, 60));
  }
}

TEST(Png, LaysTransparentPixelsOnWhite) {
  const auto one = [](int color, int bits, std::vector<std::uint8_t> row) {
    return first_pixel(make_png(1, 1, {std::move(row)}, {.color = color, .bits = bits}));
  };
  EXPECT_THAT(one(PNG_COLOR_TYPE_RGB_ALPHA, 8, {10, 20, 30, 0}), ElementsAre(255, 255, 255));
  EXPECT_THAT(one(PNG_COLOR_TYPE_RGB_ALPHA, 8, {10, 20, 30, 255}), ElementsAre(10, 20, 30));
  EXPECT_THAT(one(PNG_COLOR_TYPE_RGB_ALPHA, 8, {0, 100, 255, 51}), ElementsAre(204, 224, 255));
  EXPECT_THAT(one(PNG_COLOR_TYPE_GRAY_ALPHA, 8, {0, 51}), ElementsAre(204, 204, 204));
  EXPECT_THAT(one(PNG_COLOR_TYPE_GRAY_ALPHA, 16, {0, 0, 51, 51}), ElementsAre(204, 204, 204));
  const auto palette =
      make_png(1, 1, {{0}},
               {.color = PNG_COLOR_TYPE_PALETTE, .palette = {{0, 0, 0}}, .palette_alpha = {51}});
  EXPECT_THAT(first_pixel(palette), ElementsAre(204, 204, 204));
}

TEST(Png, ReadsInterlacedPicturesLikeOthers) {
  const Image image = gradient(19, 13);
  const auto png = make_png(19, 13, rows_of(image), {.interlace = PNG_INTERLACE_ADAM7});
  EXPECT_EQ(decode_image(png).image.pixels, image.pixels);
  std::vector<std::vector<std::uint8_t>> rows;
  for (const auto& row : rows_of(image)) {
    rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      rows.back().push_back(row[i]);
      if (i % 3 == 2) rows.back().push_back(255);
    }
  }
  const auto alpha =
      make_png(19, 13, rows, {.color = PNG_COLOR_TYPE_RGB_ALPHA, .interlace = PNG_INTERLACE_ADAM7});
  EXPECT_EQ(decode_image(alpha).image.pixels, image.pixels);
}

TEST(Png, RefusesDamage) {
  auto png = make_png(19, 13, rows_of(gradient(19, 13)));
  png[png.find("IDAT") + 20] ^= 0x55;
  EXPECT_THROW(decode_image(png), Error);
}

TEST(Webp, LaysTransparentPixelsOnWhite) {
  EXPECT_THAT(first_pixel(make_lossless_webp(1, 1, {0, 100, 255, 51})), ElementsAre(204, 224, 255));
}

TEST(Webp, RefusesAnimationsInWords) {
  const auto still = make_webp(gradient(16, 16));
  try {
    decode_image(extend_webp(still, 16, 16, 2, {}));
    FAIL() << "decoded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.what(), HasSubstr("animated"));
  }
}

}  // namespace
}  // namespace hailstone::media
