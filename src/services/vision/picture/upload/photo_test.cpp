// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/upload/photo.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "media/codec/encode.hpp"

namespace hailstone::picture {
namespace {

Photo make_photo(int width, int height) {
  const auto bytes = static_cast<std::size_t>(width * height * 3);
  return Photo(
      {"image", media::encode_jpeg({width, height, std::vector<std::uint8_t>(bytes, 90)})});
}

TEST(Photo, IsDecodedAsSmallAsItMayBe) {
  Photo photo = make_photo(64, 32);
  EXPECT_EQ(photo.decode({16, 8}).image.width, 16);
  EXPECT_EQ(photo.size().width, 64);
}

TEST(Photo, IsDecodedAgainOnlyForWhoNeedsMore) {
  Photo photo = make_photo(64, 32);
  const auto* pixels = photo.decode({32, 16}).image.pixels.data();
  EXPECT_EQ(photo.decode({16, 8}).image.pixels.data(), pixels) << "there is enough";
  EXPECT_EQ(photo.decode({20, 20}).image.width, 64) << "both sides are needed";
  pixels = photo.decode().image.pixels.data();
  EXPECT_EQ(photo.decode({500, 500}).image.pixels.data(), pixels) << "there is no more";
}

TEST(Photo, EnoughOfOneSideIsEnoughForALetterbox) {
  Photo photo = make_photo(64, 32);
  const auto& decoded = photo.decode({32, 16});
  EXPECT_TRUE(has_enough(decoded, {32, 32, media::Sides::kOneOf}));
  EXPECT_FALSE(has_enough(decoded, {32, 32, media::Sides::kBoth}));
  EXPECT_FALSE(has_enough(decoded, {0, 16, media::Sides::kBoth})) << "zero: all of the width";
}

TEST(Photo, IsDrawnOnInItsFullSize) {
  Photo photo = make_photo(64, 32);
  photo.decode({16, 8});
  EXPECT_EQ(photo.take_image().width, 64);
  EXPECT_EQ(photo.decode({16, 8}).image.width, 16) << "it can still be looked at";
}

TEST(Photo, WhatIsNoPictureIsRefusedByItsHead) {
  Photo photo({"image", "not a picture"});
  EXPECT_THROW(photo.header(), Error);
}

}  // namespace
}  // namespace hailstone::picture
