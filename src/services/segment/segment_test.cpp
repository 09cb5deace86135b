// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "services/common/base64.hpp"
#include "services/segment/wire.hpp"

namespace hailstone::segment {
namespace {

using testing::HasSubstr;

/// The upper right three of the four pixels at (1, 1) of a picture of 3 x 3.
picture::ObjectResult one_object() {
  picture::ObjectResult result;
  result.labels = {"cat"};
  result.size = {3, 3};
  vision::Detection cat;
  cat.score = 0.75;
  cat.box = {1, 0, 2, 2};
  cat.mask = {2, 2, {1, 1, 1, 0}};
  result.detections = {cat};
  return result;
}

TEST(SegmentWire, WritesRunLengthsOfTheWholePicture) {
  // Column by column 000 110 100: as COCO's own code compresses 3, 2, 1, 1, 2.
  EXPECT_EQ(write_plain(one_object(), MaskFormat::kRle),
            R"([{"label":"cat","confidence":0.75,"bbox":[1.0,0.0,2.0,2.0],"area":3,)"
            R"("mask":{"size":[3,3],"counts":"321O1"}}])");
  EXPECT_EQ(write_coco(one_object(), 9, MaskFormat::kPng),
            R"([{"image_id":9,"category_id":17,"bbox":[1.0,0.0,2.0,2.0],"score":0.75,)"
            R"("segmentation":{"size":[3,3],"counts":"321O1"}}])")
      << "pycocotools knows no PNG";
}

TEST(SegmentWire, WritesOutlinesInThePicturesPixels) {
  const std::string text = write_plain(one_object(), MaskFormat::kPolygon);
  EXPECT_THAT(text, HasSubstr(R"("mask":[[)"));
  EXPECT_THAT(text, HasSubstr("3.0,0.0")) << text;
}

TEST(SegmentWire, WritesThePngOfTheBox) {
  const std::string text = write_plain(one_object(), MaskFormat::kPng);
  const auto begin = text.find(R"("mask":")") + 8;
  const auto png = services::find_base64(text.substr(begin, text.find('"', begin) - begin));
  ASSERT_TRUE(png);
  const auto image = media::decode_image(*png).image;
  ASSERT_EQ(image.width, 2);
  EXPECT_EQ(image.pixels.front(), 255);
  EXPECT_EQ(image.pixels.back(), 0);
}

TEST(SegmentWire, RefusesOtherMasks) {
  EXPECT_EQ(parse_mask_format("PNG"), MaskFormat::kPng);
  EXPECT_THROW(parse_mask_format("svg"), Error);
}

}  // namespace
}  // namespace hailstone::segment
