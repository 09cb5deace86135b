// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/faces/margin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::faces {
namespace {

vision::Detection face(double x, double y, double side, double score = 0.9) {
  vision::Detection detection;
  detection.box = {x, y, side, side};
  detection.score = score;
  return detection;
}

media::ImageHeader square(int side) {
  media::ImageHeader header;
  header.width = side;
  header.height = side;
  return header;
}

TEST(Margin, PutsThePictureIntoTheMiddleHalf) {
  media::DecodedImage picture;
  picture.image = media::make_image(40, 20, 200);
  picture.header = square(80);
  picture.header.height = 40;
  picture.placement = {0.5, 0.5, 0, 0};  // it was decoded smaller
  const auto out = with_margin(picture, {80, 80});
  ASSERT_EQ(out.image.width, 80);
  EXPECT_EQ(out.header.width, 80);
  EXPECT_EQ(out.image.pixels[3 * (40 * 80 + 40)], 200) << "the middle";
  EXPECT_EQ(out.image.pixels[3 * (40 * 80 + 19)], 0) << "left of it";
  EXPECT_EQ(out.image.pixels[3 * (29 * 80 + 40)], 0) << "above it: it is twice as wide as high";
  EXPECT_DOUBLE_EQ(out.placement.to_picture_x(20), 0);
  EXPECT_DOUBLE_EQ(out.placement.to_picture_x(60), 80);
  EXPECT_DOUBLE_EQ(out.placement.to_picture_y(50), 40);
  EXPECT_EQ(with_margin(picture, {0, 0}).image.width, 640);
}

TEST(Margin, IsNeededWhereAFaceFillsThePictureOrNoneIsSeen) {
  EXPECT_TRUE(needs_margin({}, square(100)));
  EXPECT_TRUE(needs_margin({face(0, 0, 20), face(10, 10, 51)}, square(100)));
  EXPECT_FALSE(needs_margin({face(0, 0, 20), face(50, 50, 50)}, square(100)));
}

TEST(Margin, SmallFacesThatAreOnlySeenWithoutItStay) {
  const auto merged =
      merge_looks({face(20, 20, 60, 0.8), face(30, 30, 40, 0.6), face(0, 0, 10, 0.7)},
                  {face(22, 22, 58, 0.5)}, square(100));
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_EQ(merged[0].score, 0.7);
  EXPECT_EQ(merged[1].score, 0.5);
  EXPECT_EQ(merge_looks({face(20, 20, 60)}, {}, square(100)).size(), 1U);
}

}  // namespace
}  // namespace hailstone::faces
