// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/hosted_engine.hpp"
#include "inference/worker/call_session.hpp"
#include "support/hosted_voice.hpp"

namespace hailstone::inference {
namespace {

using namespace test_support;
using ::testing::Contains;
using ::testing::HasSubstr;

class Espeak : public HostedVoice {
 protected:
  Espeak() : HostedVoice("espeak", HAILSTONE_HOST_ESPEAK) {}
};

TEST_F(Espeak, SaysASentence) {
  const auto sound = say("Hailstone speaks.", {});
  EXPECT_EQ(sound.sample_rate, 22'050);
  EXPECT_THAT(seconds_of(sound), ::testing::AllOf(::testing::Gt(0.6), ::testing::Lt(3.0)));
  EXPECT_GT(loudness_of(sound), 0.02);
}

TEST_F(Espeak, LanguagesAndVariantsSoundDifferent) {
  const auto english = say("eins zwei drei", "en-us");
  EXPECT_NE(english.samples, say("eins zwei drei", "de").samples);
  EXPECT_NE(english.samples, say("eins zwei drei", "en-us+f3").samples);
}

TEST_F(Espeak, SpeedChangesTheLength) {
  const std::string text = "one two three four five six seven eight nine ten";
  const double normal = seconds_of(say(text, {}));
  EXPECT_NEAR(seconds_of(say(text, {}, 2)) / normal, 0.5, 0.12);
  EXPECT_NEAR(seconds_of(say(text, {}, 0.6)) / normal, 1.6, 0.3);
}

TEST_F(Espeak, NamesItsVoicesWithTheirLanguages) {
  const auto facts = engine().describe(card(), FactDetail::kBrief);
  EXPECT_THAT(voices_of(facts), Contains(VoiceFact{"de", "de", "German", "male"}));
  const auto voices = model().say()->voices();
  EXPECT_EQ(voices.front().name, "en-us") << "the default is the first";
  EXPECT_GT(voices.size(), 100U);
}

TEST_F(Espeak, TellsHowATextIsPronouncedClauseByClause) {
  auto* session = model().call();
  ASSERT_NE(session, nullptr);
  const auto ask = [&](const std::string& arguments) {
    return session->call({"phonemes", {arguments}}, nullptr, {}, soon()).json;
  };
  EXPECT_EQ(ask(R"({"text":"Hello, you. Who?","voice":"en-us"})"), R"("həlˈoʊ,\njuː.\nhˈuː?\n")");
  EXPECT_EQ(ask(R"({"text":"\"Hi!\" It is 3.5 o'clock; go: now","voice":"en-us"})"),
            R"("hˈaɪ!\nɪɾ ɪz θɹˈiː pɔɪnt fˈaɪv əklˈɑːk;\nɡˈoʊ:\nnˈaʊ\n")");
  EXPECT_EQ(ask(R"({"text":"Straße","voice":"de"})"), R"("ʃtɾˈɑːsə\n")");
  EXPECT_EQ(code_of([&] { ask(R"({"text":1})"); }), ErrorCode::kBadRequest);
  EXPECT_EQ(code_of([&] { ask(R"({"text":"a","voice":"xx-none"})"); }), ErrorCode::kNotFound);
}

TEST_F(Espeak, AVoiceThatThereIsNotIsRefused) {
  for (const char* voice : {"klingonese", "../../etc/passwd", "de\n", "mb/mb-de1"}) {
    EXPECT_EQ(code_of([&] { say("a", voice); }), ErrorCode::kNotFound) << voice;
  }
}

TEST_F(Espeak, BadSpeedsAreRefused) {
  for (const double speed : {0.0, -1.0, 5.0}) {
    EXPECT_EQ(code_of([&] { say("a", {}, speed); }), ErrorCode::kBadRequest);
  }
}

TEST_F(Espeak, ALongTextComesPieceByPieceAndCanBeCalledOff) {
  expect_streaming_and_calling_off();
}

}  // namespace
}  // namespace hailstone::inference
