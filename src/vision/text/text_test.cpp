// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "vision/text/text_line.hpp"
#include "vision/text/text_regions.hpp"

namespace hailstone::vision {
namespace {

using ::testing::ElementsAre;

const std::filesystem::path kGolden =
    std::filesystem::path(HAILSTONE_ROOM_DIR) / "testdata/golden/line";

const std::vector<std::string> kAlphabet = {"", "a", "b", "c", "d", "e", "f", "g", " "};

/// A rectangle of text, turned about its middle.
void paint(std::vector<float>& map, int width, const media::Point& middle, double half_width,
           double half_height, double angle) {
  for (std::size_t i = 0; i < map.size(); ++i) {
    const double x = static_cast<double>(i % width) + 0.5 - middle.x;
    const double y = static_cast<double>(i / width) + 0.5 - middle.y;
    const double u = x * std::cos(angle) + y * std::sin(angle);
    const double v = y * std::cos(angle) - x * std::sin(angle);
    if (std::abs(u) < half_width && std::abs(v) < half_height) map[i] = 0.9F;
  }
}

std::string expected_text() {
  auto text = testing::read_file(kGolden / "expected.txt");
  text.pop_back();
  return text;
}

TEST(TextLine, AgreesWithTheReference) {
  const double confidence = testing::read_floats(kGolden / "confidence.npy")[0];
  for (const char* file : {"probabilities.npy", "logits.npy", "quantized.npy"}) {
    const auto line = read_text_line(testing::read_npy(kGolden / file), kAlphabet);
    EXPECT_EQ(line.text, expected_text()) << file;
    EXPECT_NEAR(line.confidence, confidence, 0.003) << file;
    EXPECT_EQ(line.positions.size(), line.text.size());
  }
}

TEST(TextLine, RefusesAnotherAlphabet) {
  const std::vector<std::string> alphabet(8);
  EXPECT_THROW(read_text_line(testing::read_npy(kGolden / "logits.npy"), alphabet), Error);
  EXPECT_THROW(read_text_line(testing::make_tensor({4}, {1, 2, 3, 4}), {}), Error);
}

TEST(TextLine, OfNoNumbersIsEmpty) {
  const auto line = read_text_line(testing::make_tensor({2, 3}, std::vector<float>(6, NAN)),
                                   std::vector<std::string>{"", "a", "b"});
  EXPECT_EQ(line.text, "");
  EXPECT_EQ(line.confidence, 0);
}

TEST(Alphabet, GetsTheBlankAndMaybeASpace) {
  const std::vector<std::string> lines = {"a", "b"};
  EXPECT_THAT(make_alphabet(lines, 3), ElementsAre("", "a", "b"));
  EXPECT_THAT(make_alphabet(lines, 4), ElementsAre("", "a", "b", " "));
  EXPECT_THROW(make_alphabet(lines, 5), Error);
  EXPECT_THAT(make_alphabet(std::vector<std::string>{"<blank>", "a"}, 2), ElementsAre("", "a"));
}

TEST(Plate, IsTheMeanOfItsRowsWithTheBlankLast) {
  const std::vector<std::string> alphabet = {"0", "1", ""};
  std::vector<float> values(2 * 4 * 3);
  const int best[] = {1, 2, 1, 0};
  for (int step = 0; step < 4; ++step) values[step * 3 + best[step]] = 9;  // the first row decides
  EXPECT_EQ(read_plate(testing::make_tensor({2, 4, 3}, values), alphabet).text, "110");
}

TEST(Plate, WithoutRowsIsNoTextHoweverLongTheyWouldBe) {
  const std::vector<std::string> alphabet = {"0", "1", ""};
  EXPECT_EQ(read_plate(testing::make_tensor({0, std::int64_t{1} << 40, 3}, {}), alphabet).text, "");
}

TEST(TextRegions, FindAnUprightLineAndGrowIt) {
  std::vector<float> map(100 * 60);
  paint(map, 100, {50, 30}, 20, 5, 0);
  TextRegionOptions options;
  options.input_width = 200;
  options.input_height = 120;
  const auto found = find_text_regions(testing::make_tensor({1, 1, 60, 100}, map), options);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].score, 0.9, 1e-5);
  // Between the middles of its pixels 39 x 9, growing by 39 * 9 * 1.5 / 96 on each side.
  const double grown = 39 * 9 * 1.5 / (2 * (39 + 9));
  EXPECT_NEAR(found[0].corners[0].x, 2 * (30.5 - grown), 1e-3);
  EXPECT_NEAR(found[0].corners[0].y, 2 * (25.5 - grown), 1e-3);
  EXPECT_NEAR(found[0].corners[2].x, 2 * (69.5 + grown), 1e-3);
  EXPECT_NEAR(found[0].corners[2].y, 2 * (34.5 + grown), 1e-3);
}

TEST(TextRegions, FindATurnedLine) {
  std::vector<float> map(120 * 120);
  paint(map, 120, {60, 60}, 35, 6, 0.5);
  const auto found = find_text_regions(testing::make_tensor({120, 120, 1}, map), {});
  ASSERT_EQ(found.size(), 1U);
  const auto& c = found[0].corners;
  EXPECT_NEAR(std::atan2(c[1].y - c[0].y, c[1].x - c[0].x), 0.5, 0.03);
  EXPECT_NEAR((c[0].x + c[2].x) / 2, 60, 0.6);
}

TEST(TextRegions, ComeInReadingOrder) {
  std::vector<float> map(200 * 100);
  paint(map, 200, {150, 20}, 30, 6, 0);
  paint(map, 200, {50, 23}, 30, 6, 0);
  paint(map, 200, {50, 70}, 30, 6, 0);
  const auto found = find_text_regions(testing::make_tensor({100, 200}, map), {});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_LT(found[0].corners[0].x, 100);
  EXPECT_LT(found[0].corners[0].y, 50);
  EXPECT_GT(found[1].corners[0].x, 100);
  EXPECT_GT(found[2].corners[0].y, 50);
}

TEST(TextRegions, DropWhatIsUnsureOrTiny) {
  std::vector<float> map(100 * 60);
  paint(map, 100, {50, 30}, 20, 5, 0);
  for (auto& value : map) value *= 0.5F;  // 0.45: text, but not enough
  paint(map, 100, {10, 10}, 1, 1, 0);
  EXPECT_TRUE(find_text_regions(testing::make_tensor({60, 100}, map), {}).empty());
}

TEST(TextRegions, TakeBytesAsProbabilities) {
  std::vector<std::uint8_t> map(6000);
  for (int y = 20; y < 40; ++y) {
    for (int x = 10; x < 90; ++x) map[y * 100 + x] = 204;
  }
  const inference::Tensor tensor{{"map", inference::ElementType::kUint8, {60, 100, 1}},
                                 std::move(map)};
  const auto found = find_text_regions(tensor, {});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].score, 0.8, 1e-6);
}

TEST(TextRegions, RefuseWhatIsNoMap) {
  EXPECT_THROW(find_text_regions(testing::make_tensor({3, 4, 5}, std::vector<float>(60)), {}),
               Error);
}

}  // namespace
}  // namespace hailstone::vision
