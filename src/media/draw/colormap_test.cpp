// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/draw/colormap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace hailstone::media {
namespace {

using ::testing::ElementsAre;

constexpr Colormap kAll[] = {Colormap::kViridis, Colormap::kPlasma, Colormap::kMagma,
                             Colormap::kInferno, Colormap::kTurbo,  Colormap::kJet,
                             Colormap::kGray};

TEST(Colormap, IsFoundByItsName) {
  for (const auto map : kAll) EXPECT_EQ(find_colormap(to_string(map)), map);
  EXPECT_EQ(find_colormap("rainbow"), std::nullopt);
}

TEST(Colorize, StartsAndEndsWithTheColorsOfMatplotlib) {
  // matplotlib 3's colormaps at 0.0 and 1.0, in 8 bits; OpenCV's tables may be one level off.
  const Plane<float> ends{2, 1, {0, 1}};
  const auto expect = [&](Colormap map, std::vector<int> colors, int off) {
    const auto image = colorize(ends, {0, 1}, map);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(image.pixels[i], colors[i], off) << to_string(map) << " " << i;
    }
  };
  expect(Colormap::kViridis, {68, 1, 84, 253, 231, 36}, 1);
  expect(Colormap::kPlasma, {13, 8, 135, 240, 249, 33}, 1);
  expect(Colormap::kMagma, {0, 0, 4, 252, 253, 191}, 1);
  expect(Colormap::kInferno, {0, 0, 4, 252, 255, 164}, 1);
  expect(Colormap::kTurbo, {48, 18, 59, 122, 4, 3}, 1);
  expect(Colormap::kJet, {0, 0, 128, 128, 0, 0}, 1);
  expect(Colormap::kGray, {0, 0, 0, 255, 255, 255}, 0);
}

TEST(Colorize, ClampsAndBlackensWhatIsNoNumber) {
  const Plane<float> plane{5, 1, {-9, 9, NAN, INFINITY, 0.5F}};
  const auto image = colorize(plane, {0, 1}, Colormap::kGray);
  EXPECT_THAT(image.pixels, ElementsAre(0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 0, 128, 128, 128));
}

TEST(Colorize, MayRunFromHighToLow) {
  const Plane<float> plane{3, 1, {2, 4, 3}};
  const auto image = colorize(plane, {4, 2}, Colormap::kGray);
  EXPECT_EQ(image.pixels[0], 255);
  EXPECT_EQ(image.pixels[3], 0);
  EXPECT_EQ(image.pixels[6], 128);
}

TEST(FindRange, LooksAtFiniteValuesOnly) {
  const auto range = find_range({4, 1, {NAN, 3, -2, INFINITY}});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->low, -2);
  EXPECT_EQ(range->high, 3);
  EXPECT_FALSE(find_range({2, 1, {NAN, INFINITY}}));
}

TEST(NormalizeTo16Bit, KeepsZeroForWhatIsNotKnown) {
  const Plane<float> plane{4, 1, {1, 2, NAN, 1.5F}};
  EXPECT_THAT(normalize_to_16_bit(plane, {1, 2}).values, ElementsAre(1, 65535, 0, 32768));
  EXPECT_THAT(normalize_to_16_bit({2, 1, {5, 5}}, {5, 5}).values, ElementsAre(1, 1));
}

}  // namespace
}  // namespace hailstone::media
