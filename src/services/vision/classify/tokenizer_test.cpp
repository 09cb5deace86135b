// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/classify/tokenizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::classify {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// "l o" is merged before "o w</w>", and that before "lo w</w>".
constexpr const char* kTokenizer = R"({
  "added_tokens": [{"id": 20, "content": "<|startoftext|>"}, {"id": 21, "content": "<|endoftext|>"}],
  "model": {"type": "BPE", "end_of_word_suffix": "</w>",
    "vocab": {"l": 0, "o": 1, "w": 2, "w</w>": 3, "o</w>": 4, "lo": 5, "low</w>": 6, "ow</w>": 7,
              "1</w>": 8, "2</w>": 9, "'s</w>": 10, "!</w>": 11, "Ã": 12, "¤</w>": 13, "lo</w>": 14},
    "merges": ["l o", "o w</w>", ["lo", "w</w>"], "' s</w>", "l o</w>"]}})";

std::vector<TokenId> encode(std::string_view text, std::size_t longest = 77) {
  return Tokenizer(parse_vocabulary(kTokenizer)).encode(text, longest);
}

TEST(SplitWords, AsClipDoes) {
  EXPECT_THAT(split_words("It's  a\tDOG!? 42nd"),
              ElementsAre("it", "'s", "a", "dog", "!?", "4", "2", "nd"));
  EXPECT_THAT(split_words("they'll we've 'tis"),
              ElementsAre("they", "'ll", "we", "'ve", "'t", "is"));
  EXPECT_THAT(split_words(" \n"), ElementsAre());
}

TEST(SplitWords, KnowsLettersOfAllScripts) {
  EXPECT_THAT(split_words("ÄPFEL, Ёлка"), ElementsAre("äpfel", ",", "ёлка"));
  EXPECT_THAT(split_words("猫です"), ElementsAre("猫です"));
  EXPECT_THAT(split_words("a\xFF"), ElementsAre("a", "\uFFFD")) << "no UTF-8";
}

TEST(Tokenizer, MergesTheLowestRankFirst) {
  EXPECT_THAT(encode("low"), ElementsAre(20, 6, 21));
  EXPECT_THAT(encode("lo"), ElementsAre(20, 14, 21)) << "the end of a word is another letter";
  EXPECT_THAT(encode("wow"), ElementsAre(20, 2, 7, 21));
  EXPECT_THAT(encode("LOW's 12!"), ElementsAre(20, 6, 10, 8, 9, 11, 21));
}

TEST(Tokenizer, SpellsOutBytesAndWhatItDoesNotKnow) {
  EXPECT_THAT(encode("ä"), ElementsAre(20, 12, 13, 21)) << "C3 A4 by GPT-2's names of bytes";
  EXPECT_THAT(encode("z"), ElementsAre(20, 21, 21)) << "unknown";
}

TEST(Tokenizer, CutsOffWhatIsTooLongButNotTheEnd) {
  EXPECT_THAT(encode("low low low", 4), ElementsAre(20, 6, 6, 21));
  EXPECT_THAT(encode("wow", 3), ElementsAre(20, 2, 21));
  EXPECT_THAT(encode("", 3), ElementsAre(20, 21));
}

TEST(Vocabulary, WhatIsNoTokenizerOfClipIsRefused) {
  const auto refusal = [](std::string_view json) -> std::string {
    try {
      parse_vocabulary(json);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refusal("not json"), HasSubstr("no byte pair encoding"));
  EXPECT_THAT(refusal(R"({"model":{"vocab":{"a":1},"merges":[]}})"), HasSubstr("<|startoftext|>"));
  EXPECT_THAT(refusal(R"({"model":{"vocab":{"a":"b"},"merges":[]}})"), HasSubstr("number"));
  EXPECT_THAT(refusal(R"({"model":{"vocab":{"a":1},"merges":[7]}})"), HasSubstr("pair"));
}

}  // namespace
}  // namespace hailstone::classify
