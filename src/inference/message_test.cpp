// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::inference {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Message, KeepsTheOrderOfItsParts) {
  Message message = make_message(Role::kUser, "before ");
  add_image(message, "picture");
  add_text(message, "behind");
  add_text(message, "");
  EXPECT_THAT(message.parts,
              ElementsAre(Part{Part::Kind::kText, "before "}, Part{Part::Kind::kImage, "picture"},
                          Part{Part::Kind::kText, "behind"}));
  EXPECT_EQ(text_of(message), "before behind");
  EXPECT_TRUE(has_part(message, Part::Kind::kImage));
  EXPECT_FALSE(has_part(std::vector{message}, Part::Kind::kAudio));
  EXPECT_THAT(make_message(Role::kTool, "").parts, IsEmpty());
}

TEST(ToolCallJoiner, GivesACallWhenTheNextOneBegins) {
  ToolCallJoiner joiner;
  EXPECT_THAT(joiner.finish(), IsEmpty());
  EXPECT_THAT(joiner.add({{0, "a", "lamp", R"({"on":)"}}), IsEmpty());
  EXPECT_THAT(joiner.add({{0, "", "", "true}"}, {1, "b", "fan", "{}"}}),
              ElementsAre(ToolCall{"a", "lamp", R"({"on":true})"}));
  EXPECT_THAT(joiner.finish(), ElementsAre(ToolCall{"b", "fan", "{}"}));
  EXPECT_THAT(joiner.finish(), IsEmpty());
}

}  // namespace
}  // namespace hailstone::inference
