// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/draw/canvas.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace hailstone::media {
namespace {

constexpr Color kRed{255, 0, 0};

Color at(const Image& image, int x, int y) {
  const auto* p = image.pixels.data() + 3 * (std::size_t{1} * y * image.width + x);
  return {p[0], p[1], p[2]};
}

std::size_t changed(const Image& image, std::uint8_t ground) {
  std::size_t count = 0;
  for (const auto value : image.pixels) count += value != ground;
  return count;
}

TEST(ClassColor, TellsNeighboursApart) {
  for (int id = 0; id < 200; ++id) {
    for (int other = id + 1; other < id + 4; ++other) {
      const auto a = class_color(id), b = class_color(other);
      const int distance =
          std::abs(a.red - b.red) + std::abs(a.green - b.green) + std::abs(a.blue - b.blue);
      EXPECT_GT(distance, 100) << id << " and " << other;
    }
  }
  EXPECT_EQ(class_color(7), class_color(7));
  EXPECT_NO_THROW(class_color(std::numeric_limits<int>::min()));
}

TEST(ClassColor, GivesCocosClassesEightyColors) {
  std::set<std::tuple<int, int, int>> colors;
  for (int id = 0; id < 80; ++id) {
    const auto color = class_color(id);
    colors.insert({color.red, color.green, color.blue});
  }
  EXPECT_EQ(colors.size(), 80U);
}

TEST(Canvas, DrawsABoxAndNothingInIt) {
  Canvas canvas(make_image(200, 100, 10));
  canvas.draw_box({20, 30, 100, 50}, kRed);
  EXPECT_EQ(at(canvas.image(), 20, 50), kRed);
  EXPECT_EQ(at(canvas.image(), 60, 30), kRed);
  EXPECT_EQ(at(canvas.image(), 120, 80), kRed);
  EXPECT_EQ(at(canvas.image(), 60, 50), (Color{10, 10, 10}));
  EXPECT_EQ(at(canvas.image(), 15, 50), (Color{10, 10, 10}));
}

TEST(Canvas, DrawsThickerLinesInALargerPicture) {
  const auto red_pixels = [](int size) {
    Canvas canvas(make_image(size, size));
    canvas.draw_box({size * 0.25, size * 0.25, size * 0.5, size * 0.5}, kRed);
    return static_cast<double>(changed(canvas.image(), 0)) / size;
  };
  EXPECT_GT(red_pixels(2000), 2 * red_pixels(300));
}

TEST(Canvas, TintsWhatTheMaskCovers) {
  Canvas canvas(make_image(40, 40, 100));
  canvas.draw_mask({2, 1, {1, 0}}, {10, 10, 20, 20}, {200, 0, 100});
  EXPECT_EQ(at(canvas.image(), 10, 10), (Color{150, 50, 100}));
  EXPECT_EQ(at(canvas.image(), 19, 29), (Color{150, 50, 100}));
  EXPECT_EQ(at(canvas.image(), 20, 29), (Color{100, 100, 100}));
  EXPECT_EQ(at(canvas.image(), 9, 10), (Color{100, 100, 100}));
  EXPECT_EQ(at(canvas.image(), 10, 30), (Color{100, 100, 100}));
}

TEST(Canvas, KeepsAMaskInPlaceWhereItsBoxReachesOut) {
  Canvas canvas(make_image(10, 10));
  canvas.draw_mask({4, 1, {0, 0, 1, 0}}, {-10, 0, 20, 10}, {200, 0, 0});
  EXPECT_EQ(at(canvas.image(), 0, 5), (Color{100, 0, 0}));
  EXPECT_EQ(at(canvas.image(), 4, 5), (Color{100, 0, 0}));
  EXPECT_EQ(at(canvas.image(), 5, 5), (Color{0, 0, 0}));
}

TEST(Canvas, LeavesOutMissingJointsAndTheirBones) {
  const std::vector<Bone> bones = {{0, 1}, {1, 2}};
  Canvas canvas(make_image(300, 100));
  canvas.draw_skeleton(
      std::vector<std::optional<Point>>{Point{50, 50}, Point{150, 50}, std::nullopt}, bones, kRed);
  EXPECT_GT(at(canvas.image(), 100, 50).red, 200);
  EXPECT_EQ(at(canvas.image(), 200, 50), (Color{}));
  EXPECT_EQ(coco_bones().size(), 19U);
}

TEST(Canvas, KeepsALabelWithinThePicture) {
  const std::pair<Point, std::pair<int, int>> corners[] = {
      {{-50, 500}, {0, 99}}, {{1e9, -1e9}, {299, 0}}, {{0, 0}, {0, 0}}};
  for (const auto& [at_point, corner] : corners) {
    Canvas canvas(make_image(300, 100));
    canvas.draw_label("cat 90%", at_point, kRed);
    EXPECT_EQ(at(canvas.image(), corner.first, corner.second), kRed);
  }
}

TEST(Canvas, WritesDarkLettersOnLightGround) {
  const auto has = [](Color ground, auto&& is_letter) {
    Canvas canvas(make_image(300, 100, 127));
    canvas.draw_label("MMM", {10, 60}, ground);
    const auto& pixels = canvas.image().pixels;
    for (std::size_t i = 0; i < pixels.size(); i += 3) {
      if (is_letter(pixels[i]) && is_letter(pixels[i + 1]) && is_letter(pixels[i + 2])) return true;
    }
    return false;
  };
  const auto is_dark = [](int value) { return value < 80; };
  const auto is_light = [](int value) { return value > 175; };
  EXPECT_TRUE(has({255, 255, 0}, is_dark));
  EXPECT_FALSE(has({255, 255, 0}, is_light));
  EXPECT_TRUE(has({90, 0, 120}, is_light));
  EXPECT_FALSE(has({90, 0, 120}, is_dark));
}

TEST(Canvas, TakesAnyCoordinatesAndAnyText) {
  const double wild[] = {0,
                         -1e300,
                         1e300,
                         std::numeric_limits<double>::quiet_NaN(),
                         std::numeric_limits<double>::infinity(),
                         1e-300,
                         2147483647.0};
  for (auto [width, height] : {std::pair(1, 1), {30, 20}, {0, 0}}) {
    Canvas canvas(make_image(width, height));
    for (const double a : wild) {
      for (const double b : wild) {
        canvas.draw_box({a, b, b, a}, kRed);
        canvas.draw_mask({1, 1, {1}}, {a, b, b, a}, kRed);
        canvas.draw_label(std::string(300, '\xFF'), {a, b}, kRed);
        canvas.draw_polygon(std::vector<Point>{{a, b}, {b, a}, {1, 1}}, kRed);
        canvas.draw_skeleton(std::vector<std::optional<Point>>{Point{a, b}, Point{b, a}},
                             std::vector<Bone>{{0, 1}, {1, 7}, {-1, 0}}, kRed);
      }
    }
    EXPECT_EQ(canvas.image().width, width);
  }
}

}  // namespace
}  // namespace hailstone::media
