// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/pattern.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::engines::llama {
namespace {

const std::string kAny = R"([^\x22\x5C\x00-\x1F])";

TEST(Pattern, SpellsOutWhatGrammarsDoNotKnow) {
  EXPECT_EQ(translate_pattern(R"(^\d{4}-\d{2}$)"), R"(^([0-9]{4}[\x2D][0-9]{2})$)");
  EXPECT_EQ(translate_pattern(R"(^\w+\s?x$)"), R"(^([0-9A-Z\x5Fa-z]+([\x20]|\\n|\\r|\\t)?[x])$)");
  EXPECT_EQ(translate_pattern("^.*$"), "^(" + kAny + "*)$");
  EXPECT_EQ(translate_pattern(R"(^[\d_-]$)"), R"(^([0-9\x5F\x2D])$)");
  EXPECT_EQ(translate_pattern("^[^a]$"),
            R"(^(([\x20-\x21\x23-\x5B\x5D-\x60b-\U0010FFFF]|\\"|\\\\|\\n|\\r|\\t))$)");
}

TEST(Pattern, LetsAnythingStandWhereItIsNotAnchored) {
  EXPECT_EQ(translate_pattern("a"), "^(" + kAny + "*[a]" + kAny + "*)$");
  EXPECT_EQ(translate_pattern("^a|b$"), "^([a]" + kAny + "*|" + kAny + "*[b])$");
}

TEST(Pattern, WritesCharactersAsJsonDoes) {
  EXPECT_EQ(translate_pattern(R"(^"\\\n$)"), R"(^((\\")(\\\\)(\\n))$)");
  EXPECT_EQ(translate_pattern(R"(^["']+$)"), R"(^(([\x27]|\\")+)$)");
  EXPECT_EQ(translate_pattern("^é\\u00e9$"), R"(^([\xE9][\xE9])$)");
}

TEST(Pattern, KeepsGroupsAlternativesAndRepetitions) {
  EXPECT_EQ(translate_pattern("^(?:a|bc)+(?<n>d){2,3}?e{4,}$"),
            "^(([a]|[b][c])+([d]){2,3}[e]{4,})$");
}

std::string refusal_of(const std::string& pattern) {
  try {
    return translate_pattern(pattern);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return error.what();
  }
}

TEST(Pattern, NamesWhatCannotBeEnforced) {
  for (const auto& [pattern, why] : std::initializer_list<std::pair<const char*, const char*>>{
           {R"(^(?=a)b$)", "it looks ahead or behind"},
           {R"(\bword\b)", "\\b is no character"},
           {R"(^(a)\1$)", "\\1 is no character"},
           {R"(\p{L})", "\\p is no character"},
           {"a^b", "^ stands in its midst"},
           {"^(a$)b", "a group is not closed"},
           {"(a", "a group is not closed"},
           {"a)", "there is a ) too many"},
           {"[a", "a class is not closed"},
           {"[b-a]", "a range ends before it begins"},
           {"*a", "there is nothing to repeat"},
           {"a{x}", "{ stands for itself only behind a backslash"},
           {"(a{100}){100}", "it repeats more than 2000 times"}}) {
    EXPECT_EQ(refusal_of(pattern), std::string("the JSON schema's pattern \"") + pattern +
                                       "\" cannot be enforced: " + why);
  }
}

}  // namespace
}  // namespace hailstone::engines::llama
