// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/geometry/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace hailstone::media {
namespace {

using ::testing::Each;

Image noise(int width, int height) {
  Image image = make_image(width, height);
  std::uint32_t state = 1;
  for (auto& value : image.pixels)
    value = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return image;
}

int at(const Image& image, int x, int y, int channel) {
  return image.pixels[3 * (std::size_t{1} * y * image.width + x) + channel];
}

/// The textbook's bilinear value at a point whose pixel centres are at halves; the border repeats.
double sample(const Image& image, double x, double y, int channel) {
  x = std::clamp(x - 0.5, 0.0, image.width - 1.0);
  y = std::clamp(y - 0.5, 0.0, image.height - 1.0);
  const int left = static_cast<int>(x), top = static_cast<int>(y);
  const int right = std::min(left + 1, image.width - 1),
            bottom = std::min(top + 1, image.height - 1);
  const double fx = x - left, fy = y - top;
  return (at(image, left, top, channel) * (1 - fx) + at(image, right, top, channel) * fx) *
             (1 - fy) +
         (at(image, left, bottom, channel) * (1 - fx) + at(image, right, bottom, channel) * fx) *
             fy;
}

/// Every pixel of the result that shows the picture is what its placement says, to one level.
void expect_bilinear(const Image& image, const FittedImage& fitted) {
  const auto& way = fitted.placement;
  for (int y = 0; y < fitted.image.height; ++y) {
    for (int x = 0; x < fitted.image.width; ++x) {
      const double from_x = way.to_picture_x(x + 0.5), from_y = way.to_picture_y(y + 0.5);
      const bool inside =
          from_x >= 0 && from_x < image.width && from_y >= 0 && from_y < image.height;
      for (int c = 0; c < 3; ++c) {
        const double expected = inside ? sample(image, from_x, from_y, c) : 114;
        ASSERT_NEAR(at(fitted.image, x, y, c), expected, 1.01) << x << ", " << y;
      }
    }
  }
}

TEST(FitImage, LetterboxesAsTheTextbookSays) {
  for (const auto& [width, height] : {std::pair(81, 47), {47, 81}, {20, 11}, {300, 64}, {64, 64}}) {
    const Image image = noise(width, height);
    expect_bilinear(image, fit_image(image, {64, 64}));
    expect_bilinear(image, fit_image(image, {96, 32}));
  }
}

TEST(FitImage, PlacesAsUltralyticsDoes) {
  // 810 x 1080 in 640: scale 0.5926, 480 x 640, 80 on both sides.
  const auto bus = fit_image(make_image(810, 1080), {640, 640}).placement;
  EXPECT_DOUBLE_EQ(bus.scale_x, 480.0 / 810);
  EXPECT_DOUBLE_EQ(bus.scale_y, 640.0 / 1080);
  EXPECT_DOUBLE_EQ(bus.offset_x, 80);
  EXPECT_DOUBLE_EQ(bus.offset_y, 0);
  // 500 x 333 in 640: 640 x 426.24, so 426, and 107 of 214 rows above.
  const auto odd = fit_image(make_image(500, 333), {640, 640}).placement;
  EXPECT_DOUBLE_EQ(odd.scale_y, 426.0 / 333);
  EXPECT_DOUBLE_EQ(odd.offset_y, 107);
  // As YOLOX was trained: all of the padding below.
  FitOptions top_left{640, 640};
  top_left.fit = Fit::kLetterboxTopLeft;
  const auto corner = fit_image(make_image(500, 333), top_left).placement;
  EXPECT_DOUBLE_EQ(corner.scale_y, 426.0 / 333);
  EXPECT_DOUBLE_EQ(corner.offset_y, 0);
  // An odd row of padding goes below: 100 x 51 in 100: 49 rows, 24 above.
  EXPECT_DOUBLE_EQ(fit_image(make_image(100, 51), {100, 100}).placement.offset_y, 24);
}

TEST(FitImage, StretchesBothSides) {
  const Image image = noise(50, 30);
  const auto fitted = fit_image(image, {64, 64, Fit::kStretch});
  EXPECT_DOUBLE_EQ(fitted.placement.scale_x, 64.0 / 50);
  EXPECT_DOUBLE_EQ(fitted.placement.offset_y, 0);
  expect_bilinear(image, fitted);
}

TEST(FitImage, CropsTheMiddle) {
  Image image = noise(90, 30);
  const auto fitted = fit_image(image, {30, 30, Fit::kCrop});
  EXPECT_DOUBLE_EQ(fitted.placement.scale_x, 1);
  EXPECT_DOUBLE_EQ(fitted.placement.offset_x, -30);
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 30; ++x) ASSERT_EQ(at(fitted.image, x, y, 1), at(image, x + 30, y, 1));
  }
  const auto small = fit_image(image, {224, 112, Fit::kCrop}).placement;
  EXPECT_DOUBLE_EQ(small.scale_x, 224.0 / 60);
  EXPECT_DOUBLE_EQ(small.to_picture_x(0), 15);
}

TEST(FitImage, TakesTheMeanOfAllPixelsWhereAsked) {
  Image stripes = make_image(64, 64);
  for (std::size_t i = 0; i < stripes.pixels.size(); ++i) {
    stripes.pixels[i] = i / 3 % 4 == 0 ? 200 : 0;
  }
  EXPECT_THAT(fit_image(stripes, {16, 16, Fit::kStretch, Filter::kArea}).image.pixels, Each(50));
  EXPECT_THAT(fit_image(stripes, {16, 16, Fit::kStretch}).image.pixels, Each(0));
}

TEST(FitImage, SurvivesExtremeShapes) {
  const auto thin = fit_image(make_image(5000, 1, 9), {64, 64});
  EXPECT_EQ(at(thin.image, 32, 31, 0), 9);
  EXPECT_EQ(at(thin.image, 32, 30, 0), 114);
  EXPECT_NO_THROW(fit_image(make_image(1, 5000), {64, 64, Fit::kCrop}));
  EXPECT_NO_THROW(fit_image(make_image(1, 1), {640, 640}));
}

TEST(Placement, LeadsThroughTwoSteps) {
  constexpr Placement kHalf{0.5, 0.25, 0, 1};
  constexpr Placement kBoxed{2, 2, 10, 20};
  constexpr Placement kBoth = kHalf.then(kBoxed);
  EXPECT_DOUBLE_EQ(kBoth.scale_x, 1);
  EXPECT_DOUBLE_EQ(kBoth.offset_y, 22);
  EXPECT_DOUBLE_EQ(kBoth.to_picture_y(23), kHalf.to_picture_y(kBoxed.to_picture_y(23)));
}

}  // namespace
}  // namespace hailstone::media
