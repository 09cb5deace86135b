// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::speak {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// As it is said.
std::string plain(std::string_view text, std::string_view language = "en") {
  std::string said;
  for (const auto& passage : read_plain(text, language)) {
    for (const auto& sentence : find_sentences(passage.text)) {
      said += (said.empty() ? "" : " ") + write_out(sentence, language);
    }
  }
  return said;
}

TEST(PlainText, MarksOfMarkdownAreNotReadOut) {
  EXPECT_EQ(plain("# Title\n\nSome **bold** and *soft* `code`."),
            "Title. Some bold and soft code.");
  EXPECT_EQ(plain("- one\n- two\n\n---\n> said"), "one. two. said.");
  EXPECT_EQ(plain("See [the manual](https://example.org/x) ![picture](y.png)!"),
            "See the manual picture!");
  EXPECT_EQ(plain("Before\n```c\nint x;\n```\nafter"), "Before\nafter");
  EXPECT_EQ(plain("2 * 3 and snake_case"), "2  3 and snake case");
}

TEST(PlainText, EmojiAreLeftOut) {
  EXPECT_EQ(plain("Well done \xF0\x9F\x91\x8D\xEF\xB8\x8F!"), "Well done !");
  EXPECT_EQ(plain("\xF0\x9F\x98\x80"), "");
}

TEST(PlainText, UnitsAndAbbreviationsAreWrittenOutInEnglishAlone) {
  EXPECT_EQ(plain("5 km at 20 \xC2\xB0"
                  "C, 80% of 16 GB"),
            "5 kilometres at 20 degrees Celsius, 80 percent of 16 gigabytes");
  EXPECT_EQ(plain("fruit, e.g. apples"), "fruit, for example apples");
  EXPECT_EQ(plain("5 km", "de"), "5 km");
}

TEST(PlainText, PhonemesStayAsTheyAre) {
  EXPECT_EQ(plain("say [[h@l'oU_*]] now"), "say [[h@l'oU_*]] now");
}

TEST(Sentences, AreShortAndNothingOfThemIsLost) {
  EXPECT_THAT(find_sentences("One. Two! Is it 3.5? \"Yes\""),
              ElementsAre("One.", "Two!", "Is it 3.5?", "\"Yes\""));
  std::string endless;
  for (int i = 0; i < 500; ++i) endless += "word ";
  const auto parts = find_sentences(endless);
  EXPECT_GT(parts.size(), 5U);
  for (const auto& part : parts) EXPECT_LE(part.size(), 400U);
  EXPECT_THAT(find_sentences(std::string(1000, 'x')), SizeIs(3));
}

TEST(Ssml, PausesRatesAndSubstitutesMakeAScript) {
  const auto script = read_ssml(
      R"(<?xml version="1.0"?><speak>One <break time="1.5s"/>two <prosody rate="slow">three)"
      R"(</prosody><sub alias="World Wide Web">WWW</sub><!-- no --> &amp; more</speak>)",
      "de");
  EXPECT_THAT(script,
              ElementsAre(Passage{milliseconds(0), 1, "One"}, Passage{milliseconds(1500), 1, "two"},
                          Passage{milliseconds(0), 0.75, "three"},
                          Passage{milliseconds(0), 1, "World Wide Web  & more"}));
}

TEST(Ssml, SayAsSpellsAndCounts) {
  const auto text = [](const std::string& how, const std::string& what) {
    return read_ssml("<speak><say-as interpret-as=\"" + how + "\">" + what + "</say-as></speak>",
                     "en")
        .at(0)
        .text;
  };
  EXPECT_EQ(text("characters", "AB1"), "A, B, 1");
  EXPECT_EQ(text("ordinal", "12"), "12th");
  EXPECT_EQ(text("ordinal", "22"), "22nd");
  EXPECT_EQ(text("cardinal", "7"), "7");
}

TEST(Ssml, WhatIsNotSupportedOrBrokenIsRefusedByName) {
  for (const auto& [text, reason] : std::vector<std::pair<std::string, std::string>>{
           {"<speak><audio src='x'/></speak>", "<audio> is not supported"},
           {"<speak>a</p></speak>", "</p> closes nothing"},
           {"<speak>a", "<speak> is not closed"},
           {"<speak>a < b</speak>", "'<' without '>'"},
           {"plain", "text outside of <speak>"},
           {"<speak>&nbsp;</speak>", "unknown entity"},
           {"<speak><break time='1h'/></speak>", "break time"},
           {"<speak><break time='99s'/></speak>", "from 0 to 10s"},
           {"<speak><prosody rate='9999%'>x</prosody></speak>", "prosody rate"},
           {"<speak><say-as interpret-as='song'>x</say-as></speak>", "'song' is not supported"},
           {"<speak></speak><speak></speak>", "one <speak>"}}) {
    try {
      read_ssml(text, "en");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  }
}

}  // namespace
}  // namespace hailstone::speak
