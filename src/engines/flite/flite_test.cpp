// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "engines/flite/text.hpp"
#include "hosting/hosted_engine.hpp"
#include "support/hosted_voice.hpp"

namespace hailstone::inference {
namespace {

using namespace test_support;

class Flite : public HostedVoice {
 protected:
  Flite() : HostedVoice("flite", HAILSTONE_HOST_FLITE) {}
};

TEST_F(Flite, EachVoiceSaysASentence) {
  for (const auto& voice : model().say()->voices()) {
    const auto sound = say("Hailstone speaks.", voice.name);
    EXPECT_EQ(sound.sample_rate, voice.sample_rate);
    EXPECT_THAT(seconds_of(sound), ::testing::AllOf(::testing::Gt(0.6), ::testing::Lt(3.0)));
    EXPECT_GT(loudness_of(sound), 0.02) << voice.name;
  }
}

TEST_F(Flite, SpeedChangesTheLength) {
  const std::string text = "one two three four five six seven eight nine ten";
  const double normal = seconds_of(say(text, {}));
  EXPECT_NEAR(seconds_of(say(text, {}, 2)) / normal, 0.5, 0.12);
}

TEST_F(Flite, SeveralSpeakAtOnceAndEachSaysItsOwn) {
  const std::vector<std::string> texts = {"The first one speaks slowly.", "And I am the second.",
                                          "Three.", "Nobody listens to the fourth of them."};
  // The noise in the sound is random, its length is not.
  std::vector<std::size_t> alone;
  for (const auto& text : texts) alone.push_back(say(text, {}).samples.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    threads.emplace_back([&, i] { EXPECT_EQ(say(texts[i], {}).samples.size(), alone[i]) << i; });
  }
}

TEST_F(Flite, TextThatIsNoWordsMakesNoSoundAndNoHarm) {
  for (const char* text : {"", " ", "...", "\xF0\x9F\x98\x80", "!?"}) {
    EXPECT_TRUE(say(text, {}).samples.empty()) << text;
  }
  EXPECT_GT(say("still here", {}).samples.size(), 1000U);
}

TEST_F(Flite, AVoiceThatThereIsNotNamesThoseThatThereAre) {
  EXPECT_EQ(code_of([&] { say("a", "nobody"); }), ErrorCode::kNotFound);
}

TEST_F(Flite, ALongTextComesPieceByPieceAndCanBeCalledOff) {
  expect_streaming_and_calling_off();
}

TEST(FliteText, IsAsciiWithoutAccents) {
  using engines::flite::to_ascii;
  EXPECT_EQ(to_ascii("caf\xC3\xA9 \xE2\x80\x9Cna\xC3\xAFve\xE2\x80\x9D it\xE2\x80\x99s"),
            "cafe \"naive\" it's");
  EXPECT_EQ(to_ascii("Stra\xC3\x9F"
                     "e, \xC5\x81\xC3\xB3"
                     "d\xC5\xBA"),
            "Strasse, Lodz");
  EXPECT_EQ(to_ascii("a\xF0\x9F\x98\x80"
                     "b\xC3"),
            "a b ");
}

}  // namespace
}  // namespace hailstone::inference
