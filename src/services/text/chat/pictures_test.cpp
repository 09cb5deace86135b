// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/pictures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "media/image.hpp"

namespace hailstone::chat {
namespace {

using testing::HasSubstr;

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
