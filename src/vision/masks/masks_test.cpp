// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "vision/masks/instance_masks.hpp"
#include "vision/masks/mask_formats.hpp"

namespace hailstone::vision {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

const std::filesystem::path kGolden =
    std::filesystem::path(HAILSTONE_ROOM_DIR) / "testdata/golden/masks";

Mask rectangle(int width, int height, int left, int top, int right, int bottom) {
  Mask mask{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      mask.pixels.push_back(x >= left && x < right && y >= top && y < bottom ? 1 : 0);
    }
  }
  return mask;
}

double area_of(const std::vector<media::Point>& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto& a = polygon[i];
    const auto& b = polygon[(i + 1) % polygon.size()];
    twice += a.x * b.y - a.y * b.x;
  }
  return twice / 2;
}

TEST(Runs, AreWhatCocoToolsWrite) {
  const Mask corner{3, 3, {0, 1, 1, 0, 1, 0, 0, 0, 0}};
  EXPECT_THAT(count_runs(corner), ElementsAre(3, 2, 1, 1, 2));
  EXPECT_EQ(compress_runs(count_runs(corner)), "321O1");
  const Mask diagonal{2, 2, {1, 0, 0, 1}};
  EXPECT_THAT(count_runs(diagonal), ElementsAre(0, 1, 2, 1));
  EXPECT_EQ(compress_runs(count_runs(diagonal)), "0120");
  EXPECT_EQ(compress_runs(count_runs(rectangle(4, 3, 0, 0, 0, 0))), "<");
  EXPECT_EQ(compress_runs(count_runs(rectangle(4, 3, 0, 0, 4, 3))), "0<");
}

TEST(Runs, OfALargeRectangleAreWhatCocoToolsWrite) {
  const auto runs = count_runs(rectangle(640, 480, 100, 50, 400, 300));
  EXPECT_EQ(runs.size(), 601U);
  const auto text = compress_runs(runs);
  EXPECT_EQ(text.size(), 609U);
  EXPECT_THAT(text, StartsWith("bm^1j7V7000"));
}

TEST(Runs, OfAPartAreThoseOfTheWhole) {
  const auto whole = rectangle(10, 8, 3, 2, 7, 6);
  EXPECT_EQ(count_runs(rectangle(4, 4, 0, 0, 4, 4), 3, 2, 10, 8), count_runs(whole));
  EXPECT_EQ(count_runs(rectangle(9, 9, 0, 0, 9, 9), -2, -3, 10, 8),
            count_runs(rectangle(10, 8, 0, 0, 7, 6)));
}

TEST(Runs, GoThereAndBack) {
  const auto mask = rectangle(31, 17, 3, 2, 29, 16);
  const auto runs = parse_runs(compress_runs(count_runs(mask)));
  EXPECT_EQ(runs, count_runs(mask));
  EXPECT_EQ(paint_runs(runs, 31, 17).pixels, mask.pixels);
}

TEST(Runs, RefuseWhatIsNone) {
  EXPECT_THROW(parse_runs("P"), Error);             // ends within a number
  EXPECT_THROW(parse_runs("~\x7f"), Error);         // no such character
  EXPECT_THROW(parse_runs("O"), Error);             // below 0
  EXPECT_THROW(parse_runs("oooooooooooo"), Error);  // endless
  EXPECT_THROW(parse_runs("1111", 3), Error);
  EXPECT_THROW(paint_runs(std::vector<std::uint32_t>{5}, 2, 2), Error);
  EXPECT_THROW(paint_runs(std::vector<std::uint32_t>{5}, -5, -1), Error);
}

TEST(Polygons, HaveTheAreaOfTheirPixels) {
  Mask mask = rectangle(20, 20, 2, 3, 12, 9);
  mask.pixels[15 * 20 + 15] = 1;
  const auto polygons = find_polygons(mask, 0, 0, 0);
  ASSERT_EQ(polygons.size(), 2U);
  EXPECT_EQ(polygons[0].size(), 4U);
  EXPECT_EQ(area_of(polygons[0]), 60);
  EXPECT_EQ(area_of(polygons[1]), 1);
  EXPECT_EQ(area(mask), 61);
}

TEST(Polygons, LeaveHolesOutAndJoinCorners) {
  Mask ring = rectangle(7, 7, 1, 1, 6, 6);
  ring.pixels[3 * 7 + 3] = 0;
  ASSERT_EQ(find_polygons(ring, 0, 0, 0).size(), 1U);
  EXPECT_EQ(area_of(find_polygons(ring, 0, 0, 0)[0]), 25);
  const Mask diagonal{2, 2, {1, 0, 0, 1}};
  ASSERT_EQ(find_polygons(diagonal, 0, 0, 0).size(), 1U);
  EXPECT_EQ(area_of(find_polygons(diagonal, 0, 0, 0)[0]), 2);
}

TEST(Polygons, AreSimplerWithATolerance) {
  Mask triangle{40, 40, std::vector<std::uint8_t>(1600)};
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x <= y; ++x) triangle.pixels[y * 40 + x] = 1;
  }
  EXPECT_GT(find_polygons(triangle, 0, 0, 0)[0].size(), 70U);
  const auto simple = find_polygons(triangle, 10, 20, 1.5);
  EXPECT_LT(simple[0].size(), 8U);
  EXPECT_NEAR(area_of(simple[0]), 820, 60);
  for (const auto& point : simple[0]) EXPECT_GE(point.x, 10);
}

struct GoldenMasks {
  inference::Tensor proto = testing::read_npy(kGolden / "proto.npy");
  std::vector<float> coefficients = testing::read_floats(kGolden / "coefficients.npy");
  std::vector<float> boxes = testing::read_floats(kGolden / "boxes.npy");
  std::vector<float> placement = testing::read_floats(kGolden / "placement.npy");
  DetectOptions options;

  GoldenMasks() {
    options.input_width = 64;
    options.input_height = 32;
  }

  Detection detection(std::size_t i) const {
    Detection found;
    found.box = {boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]};
    found.mask_coefficients.assign(coefficients.begin() + 32 * i,
                                   coefficients.begin() + 32 * (i + 1));
    return found;
  }
};

TEST(InstanceMasks, AgreeWithTheReference) {
  const GoldenMasks golden;
  const std::vector<inference::Tensor> outputs = {golden.proto};
  const auto prototypes = find_prototypes(outputs, golden.options);
  const auto& p = golden.placement;
  std::vector<Detection> found = {golden.detection(0), golden.detection(1)};
  make_masks(found, prototypes, {p[0], p[1], p[2], p[3]}, golden.options);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string number = std::to_string(i);
    const auto expected = testing::read_npy(kGolden / ("mask" + number + ".npy"));
    const auto& mask = found[i].mask;
    ASSERT_EQ(expected.info.shape, (std::vector<std::int64_t>{mask.height, mask.width}));
    std::vector<std::uint8_t> bits(expected.data.size());
    std::memcpy(bits.data(), expected.data.data(), bits.size());
    EXPECT_EQ(mask.pixels, bits);
    EXPECT_EQ(compress_runs(count_runs(mask)) + "\n",
              testing::read_file(kGolden / ("runs" + number + ".txt")));
  }
}

TEST(InstanceMasks, FindTheLargestMapInEitherLayout) {
  const std::vector<float> values(32 * 6 * 4);
  const std::vector<inference::Tensor> outputs = {
      testing::make_tensor({2, 2, 32}, std::vector<float>(128)),
      testing::make_tensor({1, 32, 4, 6}, values)};
  const auto prototypes = find_prototypes(outputs, {});
  EXPECT_EQ(prototypes.width, 6);
  EXPECT_EQ(prototypes.height, 4);
  EXPECT_THROW(find_prototypes(outputs, {}, 31), Error);
}

TEST(InstanceMasks, RefuseAnotherNumberOfCoefficients) {
  const GoldenMasks golden;
  const std::vector<inference::Tensor> outputs = {golden.proto};
  const auto prototypes = find_prototypes(outputs, golden.options);
  auto found = golden.detection(0);
  found.mask_coefficients.pop_back();
  EXPECT_THROW(make_mask(found, prototypes, {}, golden.options), Error);
}

}  // namespace
}  // namespace hailstone::vision
