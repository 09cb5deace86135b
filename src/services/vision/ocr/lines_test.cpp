// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/ocr/lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::ocr {
namespace {

using inference::ReadLine;

Corners upright(double x, double y, double width, double height) {
  return {{{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}};
}

ReadLine line_at(const std::string& text, media::Box box) {
  return {box, 0, 0, {{text, box, 0.9}}};
}

std::vector<std::string> words_of(const ReadLine& line) {
  std::vector<std::string> words;
  for (const auto& word : line.words) words.push_back(word.text);
  return words;
}

TEST(OcrLines, ALineFromTopToBottomIsTurned) {
  const Corners wide = upright(0, 0, 100, 20);
  EXPECT_EQ(turn_upright(wide)[0].x, wide[0].x);
  const Corners turned = turn_upright(upright(10, 0, 20, 100));
  EXPECT_EQ(turned[0].x, 30) << "it begins at the top right";
  EXPECT_EQ(turned[1].y, 100) << "and ends below";
  EXPECT_EQ(line_size(turned).width, 100);
  EXPECT_EQ(line_size(turned).height, 20);
  EXPECT_EQ(line_size(upright(0, 0, 0, 0)).width, 1);
}

TEST(OcrLines, WordsEndHalfWayToTheBlank) {
  // Twice as wide an input as the line: places are shares of the input.
  const vision::TextLine read{"ab \u00e4", 0.8, {0.05, 0.15, 0.25, 0.35}};
  const ReadLine line = make_line(read, upright(100, 50, 200, 20), 0.5);
  ASSERT_THAT(words_of(line), testing::ElementsAre("ab", "\u00e4"));
  EXPECT_EQ(line.words[0].box.x, 100);
  EXPECT_NEAR(line.words[0].box.width, 80, 1e-9);
  EXPECT_NEAR(line.words[1].box.x, 220, 1e-9);
  EXPECT_NEAR(line.words[1].box.x + line.words[1].box.width, 300, 1e-9);
  EXPECT_EQ(line.words[1].box.height, 20);
  EXPECT_EQ(line.words[1].confidence, 0.8);
}

TEST(OcrLines, CharactersOfSeveralPartsStayOneWord) {
  const vision::TextLine read{"a b", 0.8, {0.5}};
  EXPECT_THAT(words_of(make_line(read, upright(0, 0, 10, 10), 1)), testing::ElementsAre("a b"));
  EXPECT_TRUE(make_line({}, upright(0, 0, 10, 10), 1).words.empty());
}

TEST(OcrLines, NeighboursAreOneLineAndColumnsAreNot) {
  const auto lines = arrange({line_at("3", {0, 0, 10, 20}), line_at("Title", {30, 2, 90, 20}),
                              line_at("column", {300, 0, 90, 20}), ReadLine{},
                              line_at("next", {0, 30, 90, 20}), line_at("far", {0, 90, 90, 20})});
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(words_of(lines[0]), testing::ElementsAre("3", "Title"));
  EXPECT_EQ(lines[0].box.width, 120);
  EXPECT_EQ(lines[0].box.height, 22);
  EXPECT_THAT(words_of(lines[1]), testing::ElementsAre("column"));
  EXPECT_EQ(lines[2].paragraph, 0);
  EXPECT_EQ(lines[3].paragraph, 1);
}

}  // namespace
}  // namespace hailstone::ocr
