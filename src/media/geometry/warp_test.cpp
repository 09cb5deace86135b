// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/geometry/warp.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

/// Red is the column, green the row.
Image coordinates(int width, int height) {
  Image image = make_image(width, height);
  auto* out = image.pixels.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, out += 3) {
      out[0] = static_cast<std::uint8_t>(x);
      out[1] = static_cast<std::uint8_t>(y);
    }
  }
  return image;
}

int at(const Image& image, int x, int y, int channel) {
  return image.pixels[3 * (std::size_t{1} * y * image.width + x) + channel];
}

TEST(Crop, TakesWhatLiesWithinThePicture) {
  const Image image = coordinates(100, 80);
  const Image part = crop(image, {10.4, 19.6, 30, 20});
  EXPECT_EQ(part.width, 30);
  EXPECT_EQ(part.height, 20);
  EXPECT_EQ(at(part, 0, 0, 0), 10);
  EXPECT_EQ(at(part, 0, 0, 1), 20);
  EXPECT_EQ(crop(image, {90, -10, 50, 20}).width, 10);
  EXPECT_EQ(crop(image, {90, -10, 50, 20}).height, 10);
  EXPECT_EQ(crop(image, {-1e300, -1e300, 2e300, 2e300}).width, 100);
}

TEST(Crop, IsEmptyWhereNothingRemains) {
  const Image image = coordinates(100, 80);
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const Box& box :
       {Box{200, 0, 10, 10}, {0, 0, 0, 10}, {50, 50, -20, 10}, {kNan, 0, kNan, 5}}) {
    EXPECT_EQ(crop(image, box).width, 0);
    EXPECT_TRUE(crop(image, box).pixels.empty());
  }
}

TEST(FindSimilarity, FindsTheTurnAndScaleThatMadeThePlaces) {
  const double angle = 0.4, scale = 1.7;
  const Affine made{{scale * std::cos(angle), -scale * std::sin(angle), 12, scale * std::sin(angle),
                     scale * std::cos(angle), -5}};
  // The five landmarks of ArcFace's 112 x 112 template.
  const std::vector<Point> points = {{38.2946, 51.6963},
                                     {73.5318, 51.5014},
                                     {56.0252, 71.7366},
                                     {41.5493, 92.3655},
                                     {70.7299, 92.2041}};
  std::vector<Point> places;
  for (const auto& point : points) places.push_back(made.apply(point));
  const auto found = find_similarity(points, places);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(found.m[i], made.m[i], 1e-9);
}

TEST(FindSimilarity, IsTheLeastOfSquares) {
  const std::vector<Point> points = {{0, 0}, {10, 0}, {0, 10}, {10, 10}};
  const std::vector<Point> places = {{1, 2}, {11, 3}, {0, 11}, {12, 12}};
  const auto error = [&](const Affine& affine) {
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto p = affine.apply(points[i]);
      sum += std::pow(p.x - places[i].x, 2) + std::pow(p.y - places[i].y, 2);
    }
    return sum;
  };
  const auto best = find_similarity(points, places);
  for (const double step : {-0.01, 0.01}) {
    for (const auto& [a, b, x, y] : {std::array{step, 0.0, 0.0, 0.0},
                                     {0.0, step, 0.0, 0.0},
                                     {0.0, 0.0, step, 0.0},
                                     {0.0, 0.0, 0.0, step}}) {
      auto other = best;
      other.m[0] += a, other.m[4] += a, other.m[1] -= b, other.m[3] += b;
      other.m[2] += x, other.m[5] += y;
      EXPECT_GT(error(other), error(best));
    }
  }
}

TEST(FindSimilarity, RefusesPointsAtOnePlace) {
  const std::vector<Point> same(5, {3, 3});
  const std::vector<Point> places = {{1, 2}, {11, 3}, {0, 11}, {12, 12}, {1, 1}};
  EXPECT_THROW(find_similarity(same, places), Error);
}

TEST(Warp, BringsAPointToItsPlace) {
  const Image image = coordinates(100, 80);
  // A quarter turn clockwise of the middle, twice as large.
  const auto affine = find_similarity(std::vector<Point>{{40, 30}, {60, 30}},
                                      std::vector<Point>{{60, 10}, {60, 50}});
  const Image warped = warp(image, affine, 64, 60, 200);
  const auto middle = affine.apply({50.5, 40.5});
  EXPECT_NEAR(at(warped, static_cast<int>(middle.x), static_cast<int>(middle.y), 0), 50, 1);
  EXPECT_NEAR(at(warped, static_cast<int>(middle.x), static_cast<int>(middle.y), 1), 40, 1);
  const Image shifted = warp(image, Affine{{1, 0, 5, 0, 1, 0}}, 100, 80, 200);
  EXPECT_EQ(at(shifted, 4, 0, 0), 200);
  EXPECT_EQ(at(shifted, 15, 7, 0), 10);
  EXPECT_EQ(at(shifted, 15, 7, 1), 7);
}

TEST(Warp, RefusesATransformWithoutInverse) {
  EXPECT_THROW(warp(coordinates(9, 9), Affine{{0, 0, 1, 0, 0, 1}}, 5, 5), Error);
  EXPECT_THROW(warp(coordinates(9, 9), Affine{{NAN, 0, 1, 0, 1, 1}}, 5, 5), Error);
}

TEST(Unwarp, MakesATurnedPartUpright) {
  const Image image = coordinates(100, 80);
  const Image same = unwarp(image, {{{10, 20}, {40, 20}, {40, 30}, {10, 30}}}, 30, 10);
  EXPECT_EQ(at(same, 0, 0, 0), 10);
  EXPECT_EQ(at(same, 29, 9, 1), 29);
  // Read from the bottom upwards: its top left corner is the part's bottom left one.
  const Image turned = unwarp(image, {{{10, 50}, {10, 20}, {30, 20}, {30, 50}}}, 30, 20);
  EXPECT_EQ(at(turned, 0, 0, 0), 10);
  EXPECT_EQ(at(turned, 0, 0, 1), 49);
  EXPECT_EQ(at(turned, 29, 19, 0), 29);
  EXPECT_EQ(at(turned, 29, 19, 1), 20);
}

TEST(Unwarp, RefusesCornersOnALine) {
  EXPECT_THROW(unwarp(coordinates(9, 9), {{{0, 0}, {1, 1}, {2, 2}, {0, 3}}}, 4, 4), Error);
}

}  // namespace
}  // namespace hailstone::media
