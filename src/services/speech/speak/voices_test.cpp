// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/voices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::speak {
namespace {

using ::testing::HasSubstr;

Voice starter(const std::string& model, const std::string& voice, const std::string& language,
              const std::string& gender, bool is_first = false) {
  const bool is_general = model == "starter-espeak";
  return {model + "/" + voice,
          model,
          voice,
          language,
          {},
          gender,
          is_general ? "espeak" : "flite",
          true,
          is_first,
          is_general};
}

const std::vector<Voice> kStarters = {
    starter("starter-espeak", "de", "de", "male"),
    starter("starter-espeak", "en-gb", "en-gb", "male"),
    starter("starter-espeak", "en-us", "en-us", "male", true),
    starter("starter-espeak", "fr-be", "fr-be", "male"),
    starter("starter-espeak", "fr-fr", "fr-fr", "male"),
    starter("starter-speak", "slt", "en-us", "female", true),
    starter("starter-speak", "rms", "en-us", "male"),
    starter("starter-speak", "awb", "en-gb", "male"),
};

std::vector<Voice> with_piper() {
  auto voices = kStarters;
  voices.insert(voices.begin(), {"piper-de-thorsten",
                                 "piper-de-thorsten",
                                 {},
                                 "de-de",
                                 {},
                                 "male",
                                 "onnx",
                                 false,
                                 true,
                                 false});
  voices.insert(voices.begin(), {"piper-en-us-amy",
                                 "piper-en-us-amy",
                                 {},
                                 "en-us",
                                 {},
                                 "female",
                                 "onnx",
                                 false,
                                 true,
                                 false});
  return voices;
}

std::string choose(const VoiceWish& wish, const std::vector<Voice>& voices = kStarters) {
  try {
    const auto choice = choose_voice(voices, wish);
    return choice.voice.id + (choice.is_substitute ? " instead" : "");
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(Voices, WithoutAWishTheBestForEnglishSpeaks) {
  EXPECT_EQ(choose({}), "starter-speak/slt");
  EXPECT_EQ(choose({}, with_piper()), "piper-en-us-amy");
}

TEST(Voices, ALanguageIsNoVoiceThatIsMissing) {
  EXPECT_EQ(choose({.voice = "de"}), "starter-espeak/de");
  EXPECT_EQ(choose({.voice = "de", .is_strict = true}), "starter-espeak/de");
  EXPECT_EQ(choose({.voice = "de"}, with_piper()), "piper-de-thorsten");
  EXPECT_EQ(choose({.voice = "en_GB"}), "starter-speak/awb");
  EXPECT_EQ(choose({.voice = "fr"}), "starter-espeak/fr-fr");
  EXPECT_EQ(choose({.language = "de"}), "starter-espeak/de");
  EXPECT_EQ(choose({.voice = "xx"}), "no voice for the language 'xx' is installed");
}

TEST(Voices, AreFoundByAllTheirNames) {
  EXPECT_EQ(choose({.voice = "starter-speak/rms"}), "starter-speak/rms");
  EXPECT_EQ(choose({.voice = "RMS"}), "starter-speak/rms");
  EXPECT_EQ(choose({.voice = "starter-espeak"}), "starter-espeak/en-us");
  EXPECT_EQ(choose({.voice = "piper-en-us-amy:latest"}, with_piper()), "piper-en-us-amy");
  EXPECT_EQ(choose({.voice = "de+f3"}), "starter-espeak/de+f3");
}

TEST(Voices, PipersOwnNamesMeanWhatIsInstalled) {
  EXPECT_EQ(choose({.voice = "en_US-amy-medium", .is_strict = true}, with_piper()),
            "piper-en-us-amy");
  EXPECT_EQ(choose({.voice = "en_US-amy-low"}), "starter-speak/slt instead");
  EXPECT_EQ(choose({.voice = "de_DE-eva_k-x_low"}, with_piper()), "piper-de-thorsten instead");
  EXPECT_EQ(choose({.voice = "en_US-amy-low", .is_strict = true}),
            "voice 'en_US-amy-low' is not installed");
}

TEST(Voices, OpenAisNamesMeanAVoiceOfThatKind) {
  EXPECT_EQ(choose({.voice = "alloy"}), "starter-speak/slt instead");
  EXPECT_EQ(choose({.voice = "onyx"}), "starter-speak/rms instead");
  EXPECT_EQ(choose({.voice = "onyx", .language = "de"}), "starter-espeak/de instead");
}

TEST(Voices, AModelKeepsTheChoiceWithinIt) {
  EXPECT_EQ(choose({.model = "starter-espeak"}), "starter-espeak/en-us");
  EXPECT_EQ(choose({.model = "starter-espeak", .voice = "de"}), "starter-espeak/de");
  EXPECT_EQ(choose({.model = "starter-espeak", .language = "fr"}), "starter-espeak/fr-fr");
}

TEST(Voices, ANameThatTellsNoLanguageIsNotFoundAndSaysWhatIs) {
  try {
    choose_voice(kStarters, {.voice = "somebody"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_THAT(error.detail(), HasSubstr("starter-speak/slt"));
  }
}

}  // namespace
}  // namespace hailstone::speak
