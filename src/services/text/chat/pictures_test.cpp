// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/pictures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "media/codec/testing/samples.hpp"
#include "media/image.hpp"

namespace hailstone::chat {
namespace {

using testing::HasSubstr;
namespace samples = media::testing;

int red_at(const media::Image& image, int x, int y) {
  return image.pixels[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                           static_cast<std::size_t>(x))];
}

TEST(Pictures, GoAsTheyAreWhereTheEngineReadsThem) {
  const auto image = media::make_image(40, 30, 200);
  for (const auto& bytes : {media::encode_png(image), media::encode_jpeg(image)}) {
    EXPECT_EQ(prepare_picture(bytes), bytes);
  }
}

TEST(Pictures, AreScaledDownToWhatAModelTakes) {
  const auto png = media::encode_png(media::make_image(300, 100, 200));
  const auto header = media::read_image_header(prepare_picture(png, 150));
  EXPECT_EQ(header.width, 150);
  EXPECT_EQ(header.height, 50);
  EXPECT_EQ(header.format, media::ImageFormat::kPng);
  const auto thin = media::encode_jpeg(media::make_image(1000, 2, 9));
  EXPECT_EQ(media::read_image_header(prepare_picture(thin, 10)).height, 1);
}

/// llama-server reads no WebP.
TEST(Pictures, WebpIsWrittenAnew) {
  const auto image = samples::quadrants(40, 30);
  const auto prepared = prepare_picture(samples::make_webp(image));
  EXPECT_EQ(media::read_image_header(prepared).format, media::ImageFormat::kPng);
  const auto decoded = media::decode_image(prepared).image;
  ASSERT_EQ(decoded.width, 40);
  ASSERT_EQ(decoded.height, 30);
  EXPECT_GT(red_at(decoded, 5, 5), 200);
  EXPECT_LT(red_at(decoded, 35, 5), 60);
  EXPECT_GT(red_at(decoded, 35, 25), 200);
}

/// Nor does it know which way up a camera was held.
TEST(Pictures, TurnedOnesAreTurnedBack) {
  const auto image = samples::quadrants(64, 32);
  for (const bool is_png : {false, true}) {
    const auto exif = samples::make_exif(6);  // the camera stood on its right side
    const auto bytes = is_png ? samples::make_png(64, 32, samples::rows_of(image), {.exif = exif})
                              : samples::make_jpeg(64, 32, image.pixels, {.exif = exif});
    const auto prepared = prepare_picture(bytes);
    const auto header = media::read_image_header(prepared);
    EXPECT_EQ(header.orientation, 1);
    EXPECT_EQ(header.width, 32);
    EXPECT_EQ(header.height, 64);
    EXPECT_EQ(header.format, is_png ? media::ImageFormat::kPng : media::ImageFormat::kJpeg);
    const auto decoded = media::decode_image(prepared).image;
    EXPECT_LT(red_at(decoded, 6, 10), 60) << "blue, which was below on the left";
    EXPECT_GT(red_at(decoded, 26, 10), 200) << "red, which was above on the left";
  }
}

TEST(Pictures, AnErrorNamesTheMessage) {
  std::vector<inference::Message> messages(2);
  inference::add_text(messages[0], "look");
  inference::add_image(messages[1], "no picture at all");
  try {
    prepare_pictures(messages);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    EXPECT_THAT(error.what(), HasSubstr("message 2"));
  }
}

/// The head of a PNG that would be 40000 x 40000 pixels.
TEST(Pictures, BombsAreRefusedBeforeAnythingIsDecoded) {
  std::string png = media::encode_png(media::make_image(1, 1));
  for (const std::size_t at : {std::size_t{16}, std::size_t{20}}) {
    png.replace(at, 4, std::string("\0\0\x9C\x40", 4));
  }
  EXPECT_THROW(prepare_picture(png), Error);
}

}  // namespace
}  // namespace hailstone::chat
