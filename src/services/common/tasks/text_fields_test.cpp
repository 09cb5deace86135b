// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/tasks/text_fields.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "base/error.hpp"

namespace hailstone::services {
namespace {

std::string refusal(const std::function<void()>& parse) {
  try {
    parse();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return error.what();
  }
  return "";
}

TEST(TextFields, ReadNumbersWithinTheirRange) {
  EXPECT_EQ(parse_number("threshold", " 0.25 ", 0, 1), 0.25);
  EXPECT_EQ(parse_integer("max", "20", 1, 1000), 20);
  for (const auto* text : {"1.5", "-0.1", "nan", "inf", "half", "", "0.5x"}) {
    EXPECT_EQ(refusal([&] { parse_number("threshold", text, 0, 1); }),
              std::string("threshold must be a number from 0 to 1, got '") + text + "'");
  }
  EXPECT_EQ(refusal([] { parse_integer("max", "2.5", 1, 9); }),
            "max must be a whole number from 1 to 9, got '2.5'");
}

TEST(TextFields, ReadWordsWithoutCase) {
  static constexpr std::string_view kWords[] = {"json", "coco"};
  EXPECT_EQ(parse_word("format", "COCO", kWords), 1U);
  EXPECT_EQ(refusal([] { parse_word("format", "xml", kWords); }),
            "format must be one of: json, coco, got 'xml'");
  EXPECT_TRUE(parse_truth("draw", "Yes"));
  EXPECT_FALSE(parse_truth("draw", "0"));
  EXPECT_NE(refusal([] { parse_truth("draw", "maybe"); }), "");
}

TEST(TextFields, SplitNames) {
  EXPECT_EQ(parse_names(" person, traffic light,,"),
            (std::vector<std::string>{"person", "traffic light"}));
  EXPECT_TRUE(parse_names("").empty());
}

}  // namespace
}  // namespace hailstone::services
