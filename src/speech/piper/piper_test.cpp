// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.hpp"
#include "speech/piper/phoneme_ids.hpp"
#include "speech/piper/piper_voice.hpp"

namespace hailstone::speech::piper {
namespace {

using inference::Tensor;
using testing::ElementsAre;
using testing::HasSubstr;

std::string file_with(const std::string& more) {
  return R"({"audio":{"sample_rate":22050,"quality":"medium"},"espeak":{"voice":"en-us"},
             "language":{"code":"en_US"},"phoneme_type":"espeak",
             "inference":{"noise_scale":0.5,"length_scale":2,"noise_w":0.25},
             "phoneme_id_map":{"_":[0],"^":[1],"$":[2],".":[3]," ":[4],"a":[5],"b":[6,7],
                               "\u0327":[8],"c":[9],"aɪ":[10],",":[11]})" +
         more + "}";
}

std::string refusal_of(const std::string& json) {
  try {
    read_voice_config(json);
  } catch (const Error& error) {
    return error.what();
  }
  return "taken";
}

template <typename Number>
std::vector<Number> numbers_of(const Tensor& tensor) {
  std::vector<Number> numbers(tensor.data.size() / sizeof(Number));
  std::memcpy(numbers.data(), tensor.data.data(), tensor.data.size());
  return numbers;
}

/// Keeps what it was given; answers two samples for each number.
class FakeNetwork : public inference::TensorSession {
 public:
  explicit FakeNetwork(bool has_speakers = false) {
    using inference::ElementType;
    inputs_ = {{"input", ElementType::kInt64, {1, -1}},
               {"input_lengths", ElementType::kInt64, {1}},
               {"scales", ElementType::kFloat32, {3}}};
    if (has_speakers) inputs_.push_back({"sid", ElementType::kInt64, {1}});
  }

  std::vector<inference::TensorInfo> inputs() const override { return inputs_; }
  std::vector<inference::TensorInfo> outputs() const override { return {}; }
  std::vector<Tensor> run(const std::vector<Tensor>& inputs, const RunContext&) override {
    given.push_back(inputs);
    const std::vector<float> samples(numbers_of<std::int64_t>(inputs.at(0)).size() * 2, -0.25F);
    std::vector<std::byte> bytes(samples.size() * sizeof(float));
    std::memcpy(bytes.data(), samples.data(), bytes.size());
    return {{{"output", inference::ElementType::kFloat32, {1, 1, -1}}, std::move(bytes)}};
  }

  std::vector<std::vector<Tensor>> given;

 private:
  std::vector<inference::TensorInfo> inputs_;
};

/// Each word is its own pronunciation.
std::string pronounce_nothing(const std::string& text, const std::string&, const RunContext&) {
  return text + "\n";
}

TEST(VoiceConfig, ReadsWhatPiperWrites) {
  const auto voice = read_voice_config(file_with(""));
  EXPECT_EQ(voice.sample_rate, 22050);
  EXPECT_EQ(voice.language, "en-us");
  EXPECT_EQ(voice.espeak_voice, "en-us");
  EXPECT_EQ(voice.length_scale, 2);
  EXPECT_THAT(voice.ids.at("b"), ElementsAre(6, 7));
  EXPECT_TRUE(voice.speakers.empty());
}

TEST(VoiceConfig, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(refusal_of("no json"), HasSubstr("as a whole"));
  EXPECT_THAT(refusal_of("{}"), HasSubstr("audio.sample_rate"));
  EXPECT_THAT(refusal_of(R"({"audio":{"sample_rate":16000}})"), HasSubstr("espeak.voice"));
  EXPECT_THAT(refusal_of(R"({"audio":{"sample_rate":16000},"phoneme_type":"pinyin"})"),
              HasSubstr("'pinyin'"));
  EXPECT_THAT(refusal_of(R"({"audio":{"sample_rate":16000},"phoneme_type":"text",
                             "phoneme_id_map":{"a":["b"]}})"),
              HasSubstr("phoneme_id_map.a"));
  EXPECT_THAT(refusal_of(file_with(R"(,"num_speakers":2,"speaker_id_map":{"x":2})")),
              HasSubstr("speaker_id_map"));
}

TEST(PhonemeIds, APauseFollowsEverySymbolButTheEnd) {
  const auto voice = read_voice_config(file_with(""));
  EXPECT_THAT(ids_of(voice, "ab."), ElementsAre(1, 0, 5, 0, 6, 7, 0, 3, 0, 2));
}

TEST(PhonemeIds, WhatTheVoiceDoesNotKnowIsLeftOut) {
  const auto voice = read_voice_config(file_with(""));
  EXPECT_THAT(ids_of(voice, "a漢b"), ElementsAre(1, 0, 5, 0, 6, 7, 0, 2));
  EXPECT_TRUE(ids_of(voice, "漢").empty());
  EXPECT_TRUE(ids_of(voice, "\xff").empty());
}

TEST(PhonemeIds, LettersAreDecomposed) {
  const auto voice = read_voice_config(file_with(""));
  EXPECT_THAT(ids_of(voice, "ç"), ElementsAre(1, 0, 9, 0, 8, 0, 2));
}

TEST(PhonemeIds, ReplacesAndClusters) {
  const auto voice = read_voice_config(
      file_with(R"(,"phoneme_map":{"x":["a","b"]},"vowel_clusters":[["a","ɪ"]])"));
  EXPECT_THAT(ids_of(voice, "aɪ"), ElementsAre(1, 0, 10, 0, 2));
  EXPECT_THAT(ids_of(voice, "x"), ElementsAre(1, 0, 5, 0, 6, 7, 0, 2));
}

TEST(PhonemeIds, ClausesBecomeSentences) {
  EXPECT_THAT(sentences_of("a,\nb.\nc?\nd\n"), ElementsAre("a, b.", "c?", "d."));
  EXPECT_THAT(sentences_of("(en)a(de)b\n"), ElementsAre("ab."));
  EXPECT_THAT(sentences_of("a\nb,\n"), ElementsAre("a b."));
  EXPECT_TRUE(sentences_of("\n\n").empty());
}

TEST(PiperVoice, SaysASentenceAtATimeAtItsPeak) {
  FakeNetwork network;
  PiperVoice voice(network, read_voice_config(file_with("")), pronounce_nothing);
  std::vector<media::Pcm> pieces;
  voice.say({"ab.\na", {}, 0.5}, [&](media::Pcm&& piece) { pieces.push_back(std::move(piece)); },
            {});
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].sample_rate, 22050);
  EXPECT_EQ(pieces[0].samples.size(), 20U);
  EXPECT_EQ(pieces[0].samples[0], -1);
  EXPECT_THAT(numbers_of<std::int64_t>(network.given[0][1]), ElementsAre(10));
  EXPECT_THAT(numbers_of<float>(network.given[0][2]), ElementsAre(0.5F, 4, 0.25F));
}

TEST(PiperVoice, RawPhonemesAreNotPronounced) {
  FakeNetwork network;
  std::string spoken;
  PiperVoice voice(network, read_voice_config(file_with("")),
                   [&](const std::string& text, const std::string&, const RunContext&) {
                     spoken += text + "|";
                     return text + "\n";
                   });
  voice.say({"a [[b]] a.", {}}, [](media::Pcm&&) {}, {});
  EXPECT_EQ(spoken, "a|a.|");
  ASSERT_EQ(network.given.size(), 1U);
  EXPECT_THAT(numbers_of<std::int64_t>(network.given[0][0]),
              ElementsAre(1, 0, 5, 0, 4, 0, 6, 7, 0, 4, 0, 5, 0, 3, 0, 2));
  voice.say({"a [[b", {}}, [](media::Pcm&&) {}, {});
  EXPECT_THAT(numbers_of<std::int64_t>(network.given[1][0]),
              ElementsAre(1, 0, 5, 0, 4, 0, 6, 7, 0, 3, 0, 2));
}

TEST(PiperVoice, SpeakersHaveNames) {
  FakeNetwork network(true);
  const auto config = read_voice_config(file_with(
      R"(,"num_speakers":2,"speaker_id_map":{"anna":0,"bert":1},"default_speaker_id":1)"));
  PiperVoice voice(network, config, pronounce_nothing);
  EXPECT_EQ(voice.voices().front().name, "bert");
  voice.say({"a", {}}, [](media::Pcm&&) {}, {});
  voice.say({"a", "anna"}, [](media::Pcm&&) {}, {});
  EXPECT_THAT(numbers_of<std::int64_t>(network.given[0][3]), ElementsAre(1));
  EXPECT_THAT(numbers_of<std::int64_t>(network.given[1][3]), ElementsAre(0));
  EXPECT_THROW(voice.say({"a", "carl"}, [](media::Pcm&&) {}, {}), Error);
}

TEST(PiperVoice, ANetworkOfAnotherKindIsRefused) {
  FakeNetwork network;
  const auto config =
      read_voice_config(file_with(R"(,"num_speakers":2,"speaker_id_map":{"anna":0})"));
  EXPECT_THROW(PiperVoice(network, config, pronounce_nothing), Error);
}

}  // namespace
}  // namespace hailstone::speech::piper
