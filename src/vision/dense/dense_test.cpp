// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "vision/dense/class_map.hpp"
#include "vision/dense/depth.hpp"

namespace hailstone::vision {
namespace {

using ::testing::ElementsAre;
using testing::make_tensor;

const std::filesystem::path kGolden =
    std::filesystem::path(HAILSTONE_ROOM_DIR) / "testdata/golden/maps";

TEST(Depth, AgreesWithTheReference) {
  const auto input = testing::read_npy(kGolden / "depth_input.npy");
  for (const auto& [decoder, file] :
       {std::pair{"scdepth", "scdepth.npy"}, {"inverse-depth", "inverse_depth.npy"}}) {
    const auto depth = read_depth(decoder, input);
    const auto expected = testing::read_floats(kGolden / file);
    EXPECT_EQ(depth.kind, DepthKind::kRelative);
    EXPECT_EQ(depth.plane.width, 10);
    ASSERT_EQ(depth.plane.values.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(depth.plane.values[i], expected[i], 1e-4 * expected[i]);
    }
  }
}

TEST(Depth, SaysWhatItIs) {
  const auto tensor = make_tensor({1, 2}, {1, 2});
  EXPECT_EQ(read_depth("metric-depth", tensor).kind, DepthKind::kMetric);
  EXPECT_EQ(read_depth("disparity", tensor).kind, DepthKind::kDisparity);
  EXPECT_THROW(read_depth("yolox", tensor), Error);
  EXPECT_FALSE(is_depth_decoder("yolox"));
}

TEST(Depth, WhereAPairWasNotMatchedNothingIsKnown) {
  const auto depth = read_depth("disparity", make_tensor({1, 4}, {10, 0, -1, 0.5}));
  EXPECT_EQ(depth.plane.values[0], 10);
  EXPECT_TRUE(std::isnan(depth.plane.values[1]));
  EXPECT_TRUE(std::isnan(depth.plane.values[2]));
  EXPECT_EQ(range_of(depth, 0).min, 0.5F);
}

TEST(Depth, OfAPairIsFocalTimesBaselineOverDisparity) {
  const auto depth =
      to_metric(read_depth("disparity", make_tensor({1, 3}, {10, 0, NAN})), 500, 0.1);
  EXPECT_FLOAT_EQ(depth.plane.values[0], 5);
  EXPECT_TRUE(std::isnan(depth.plane.values[1]));
  EXPECT_TRUE(std::isnan(depth.plane.values[2]));
  EXPECT_THROW(to_metric(depth, 0, 1), Error);
}

TEST(Depth, RangeLeavesOutTheEnds) {
  std::vector<float> values;
  for (int i = 0; i < 101; ++i) values.push_back(static_cast<float>(i));
  values.push_back(NAN);
  const auto range = range_of(read_depth("depth", make_tensor({1, 102}, values)), 0.1);
  EXPECT_EQ(range.min, 10);
  EXPECT_EQ(range.max, 90);
}

TEST(ClassMap, AgreesWithTheReferenceInEitherLayout) {
  const auto first = testing::read_npy(kGolden / "scores.npy");
  const auto expected = testing::read_npy(kGolden / "classes.npy");
  const auto planes = testing::read_floats(kGolden / "scores.npy");
  std::vector<float> pixels;
  for (std::size_t i = 0; i < 60; ++i) {
    for (std::size_t c = 0; c < 5; ++c) pixels.push_back(planes[c * 60 + i]);
  }
  for (const auto& tensor : {first, make_tensor({1, 6, 10, 5}, pixels)}) {
    const auto map = read_class_map(tensor, 5);
    ASSERT_EQ(map.values.size(), 60U);
    EXPECT_EQ(map.width, 10);
    for (std::size_t i = 0; i < 60; ++i) {
      EXPECT_EQ(map.values[i], std::to_integer<int>(expected.data[i]));
    }
  }
}

TEST(ClassMap, ReadsIds) {
  const inference::Tensor tensor{{"ids", inference::ElementType::kUint8, {1, 2, 3}},
                                 std::vector<std::uint8_t>{0, 1, 2, 3, 200, 1}};
  EXPECT_THAT(read_class_map(tensor, 5).values, ElementsAre(0, 1, 2, 3, 0, 1));
}

TEST(ClassMap, RefusesAnotherNumberOfClasses) {
  EXPECT_THROW(read_class_map(make_tensor({4, 5, 6}, std::vector<float>(120)), 7), Error);
}

TEST(ClassMap, PassesOverNan) {
  EXPECT_THAT(read_class_map(make_tensor({1, 1, 3, 2}, {NAN, 1, 5, NAN, NAN, NAN}), 2).values,
              ElementsAre(1, 0, 0));
}

TEST(ClassMap, GoesBackToThePicture) {
  const ClassMap map{2, 1, {7, 9}};
  const auto moved = to_picture(map, {1, 1, 0, 2}, 8, 8, 8, 4);
  ASSERT_EQ(moved.values.size(), 32U);
  EXPECT_EQ(moved.values[3], 7);
  EXPECT_EQ(moved.values[4], 9);
  const auto shares = shares_of(moved);
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_EQ(shares[0].share, 0.5);
}

TEST(ClassMap, EachClassHasTheBoxAndTheMaskOfItsPixels) {
  const ClassMap map{3, 2, {7, 7, 9, 9, 7, 7}};
  const auto found = to_detections(map);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].class_id, 7);
  EXPECT_NEAR(found[0].score, 4.0 / 6, 1e-9);
  EXPECT_EQ(found[0].box.width, 3);
  EXPECT_THAT(found[0].mask.pixels, ElementsAre(1, 1, 0, 0, 1, 1));
  EXPECT_EQ(found[1].class_id, 9);
  EXPECT_EQ(found[1].box.x, 0);
  EXPECT_EQ(found[1].box.height, 2);
  EXPECT_THAT(found[1].mask.pixels, ElementsAre(0, 0, 1, 1, 0, 0));
}

TEST(Depth, IsBroughtToThePicturesResolution) {
  // Two pixels of the map are four of the input, which has one of padding left and right; the
  // picture is half the size of what is between.
  const Depth map{{2, 1, {10, 20}}, DepthKind::kMetric};
  const media::Placement placement{2, 1, 1, 0};
  const auto depth = to_picture(map, placement, 4, 1, 1, 1);
  ASSERT_EQ(depth.plane.values.size(), 1U);
  EXPECT_FLOAT_EQ(depth.plane.values[0], 15);
  EXPECT_EQ(depth.kind, DepthKind::kMetric);
}

TEST(Depth, TheNearestPixelCountsBesideOneThatIsNotKnown) {
  const Depth map{{2, 1, {10, std::numeric_limits<float>::quiet_NaN()}}, DepthKind::kMetric};
  const auto depth = to_picture(map, {}, 4, 1, 4, 1);
  EXPECT_EQ(depth.plane.values[1], 10);
  EXPECT_TRUE(std::isnan(depth.plane.values[2]));
}

}  // namespace
}  // namespace hailstone::vision
