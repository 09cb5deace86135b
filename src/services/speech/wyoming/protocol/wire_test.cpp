// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

#include "services/speech/wyoming/protocol/info.hpp"
#include "services/speech/wyoming/protocol/sound_input.hpp"
#include "services/speech/wyoming/protocol/wire_frame.hpp"
#include "services/speech/wyoming/protocol/wire_message.hpp"

namespace hailstone::wyoming {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;

std::vector<Event> read_all(const std::string& bytes, std::size_t piece) {
  FrameReader reader;
  std::vector<Event> events;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.push(std::string_view(bytes).substr(at, piece));
    while (auto event = reader.next()) events.push_back(*std::move(event));
  }
  EXPECT_FALSE(reader.is_within_event());
  return events;
}

std::string refusal(const std::string& bytes) {
  FrameReader reader;
  reader.push(bytes);
  try {
    while (reader.next()) {
    }
  } catch (const Error& error) {
    return std::string(to_string(error.code())) + ": " + error.what();
  }
  return "none";
}

TEST(Frames, AreReadFromPiecesOfAnySize) {
  const std::string bytes =
      "{\"type\":\"audio-chunk\",\"data_length\":37,\"payload_length\":4}\n"
      "{\"rate\":16000,\"width\":2,\"channels\":1}\x01\n\x03\x04"
      "{\"type\":\"describe\"}\n"
      "{\"type\":\"ping\",\"data\":{\"text\":\"a\",\"more\":1},\"data_length\":12}\n{\"text\":"
      "\"b\"}";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
    EXPECT_THAT(
        read_all(bytes, piece),
        ElementsAre(
            Event{"audio-chunk", R"({"rate":16000,"width":2,"channels":1})", "\x01\n\x03\x04"},
            Event{"describe", "", ""}, Event{"ping", R"({"text":"b","more":1})", ""}));
  }
}

TEST(Frames, AreReadAsTheyAreWritten) {
  for (const auto& event :
       {Event{"a", "", ""}, Event{"b", R"({"x":"ü\n"})", ""}, Event{"c", "", std::string(9, '\0')},
        Event{"d", R"({"x":1})", "payload"}}) {
    EXPECT_THAT(read_all(write_frame(event), 5), ElementsAre(event));
  }
}

TEST(Frames, OverTheLimitsAreRefusedBeforeTheyAreThere) {
  EXPECT_THAT(refusal(std::string(65 << 10, 'x')), HasSubstr("too_large: the line"));
  EXPECT_THAT(refusal("{\"type\":\"a\",\"data_length\":262145}\n"),
              HasSubstr("data_length is 262145"));
  EXPECT_THAT(refusal("{\"type\":\"a\",\"payload_length\":1048577}\n"), HasSubstr("too_large"));
  EXPECT_EQ(refusal("{\"type\":\"a\",\"payload_length\":1048576}\n"), "none");
}

TEST(Frames, ThatAreNoneAreRefused) {
  for (const auto* bytes :
       {"\n", "[]\n", "{}\n", "{\"type\":5}\n", "{\"type\":\"a\",\"data\":[]}\n",
        "{\"type\":\"a\",\"data_length\":-1}\n", "{\"type\":\"a\",\"data_length\":1.5}\n",
        "{\"type\":\"a\",\"data_length\":2}\n[]"}) {
    EXPECT_THAT(refusal(bytes), HasSubstr("bad_request")) << bytes;
  }
}

template <typename T>
T parsed(const std::string& type, const std::string& data, std::string payload = {}) {
  return std::get<T>(parse_message({type, data, std::move(payload)}));
}

TEST(Messages, AreReadAsHomeAssistantSendsThem) {
  EXPECT_EQ(parsed<Transcribe>("transcribe", R"({"language":"en"})").language, "en");
  EXPECT_EQ(parsed<Transcribe>("transcribe", R"({"vad_sensitivity":"relaxed"})").silence,
            milliseconds(1250));
  const auto chunk = parsed<AudioChunk>(
      "audio-chunk", R"({"rate":16000,"width":2,"channels":1,"timestamp":1234567890123})", "ab");
  EXPECT_EQ(chunk.at, milliseconds(1234567890123));
  EXPECT_EQ(chunk.bytes, "ab");
  const auto synthesize = parsed<Synthesize>(
      "synthesize", R"({"text":"Hi","voice":{"name":"x","speaker":null},"text_format":"ssml"})");
  EXPECT_EQ(synthesize.voice.name, "x");
  EXPECT_TRUE(synthesize.is_ssml);
  EXPECT_TRUE(parsed<Detect>("detect", R"({"names":null})").names.empty());
  const auto said = parsed<Said>(
      "transcript",
      R"({"text":"Hi","language":"en","context":{"conversation_id":"c","device_id":"d","x":1}})");
  EXPECT_EQ(said.context.conversation, "c");
  EXPECT_EQ(said.context.satellite, "d");
  EXPECT_EQ(said.context.json, R"({"conversation_id":"c","device_id":"d","x":1})");
  EXPECT_EQ(parsed<Unknown>("played", "").type, "played");
}

TEST(Messages, ThatAreWrongNameTheField) {
  for (const auto& [type, data, reason] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"synthesize", R"({"text":5})", "synthesize.text"},
           {"audio-start", R"({"rate":5})", "audio-start.rate"},
           {"audio-chunk", R"({"channels":99})", "audio-chunk.channels"},
           {"audio-chunk", R"({"timestamp":1e300})", "audio-chunk.timestamp"},
           {"detect", R"({"names":"x"})", "detect.names"},
           {"transcript", R"({"context":"x"})", "transcript.context"}}) {
    try {
      parse_message({type, data, {}});
      ADD_FAILURE() << type << data;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  }
}

TEST(Messages, OfSoundAreSixteenBitsLittleEndian) {
  const std::vector<float> samples{0.0F, 1.0F, -1.0F, 2.0F};
  const auto events = read_all(write_audio_chunk(22'050, samples, milliseconds(40)), 100);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data, R"({"rate":22050,"width":2,"channels":1,"timestamp":40})");
  EXPECT_EQ(events[0].payload, std::string("\x00\x00\xFF\x7F\x01\x80\xFF\x7F", 8));
}

TEST(Messages, OfSeveralIntentsStandInAList) {
  const Context context{"c", "", R"({"conversation_id":"c"})"};
  const home::Intent intent{"HassTurnOn", {{"name", std::string("Lamp")}, {"n", 2.5}}, "Done."};
  auto events = read_all(write_intents({intent}, context), 1000);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data,
            R"({"name":"HassTurnOn","entities":[{"name":"name","value":"Lamp"},)"
            R"({"name":"n","value":2.5}],"text":"Done.","context":{"conversation_id":"c"}})");
  events = read_all(write_intents({intent, intent}, {}), 1000);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events.front().type, "intents-start");
  EXPECT_EQ(events.back().type, "intents-stop");
}

TEST(Messages, OfErrorsSayWhatWouldWork) {
  const auto events = read_all(write_error({ErrorCode::kNotFound, "no voice", "voices: a"}), 1000);
  EXPECT_EQ(events[0].data, R"x({"text":"no voice (voices: a)","code":"not_found"})x");
}

TEST(InfoEvent, HasAProgramOfEachKindThatThereIs) {
  Info info;
  info.version = "1";
  info.hears = {{"a", "A", {"en"}}};
  const auto events = read_all(write_info(info), 1000);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_THAT(events[0].data, HasSubstr(R"("asr":[{"name":"hailstone")"));
  EXPECT_THAT(events[0].data, HasSubstr(R"("tts":[],"handle":[],"intent":[],"wake":[],"mic":[],)"
                                        R"("snd":[])"));
}

TEST(SoundInput, ReadsEveryWidthAndMixesChannels) {
  const auto read = [](int width, int channels, std::string bytes) {
    SoundInput input;
    std::vector<float> out;
    input.push({{16'000, width, channels}, {}, std::move(bytes)}, out);
    return out;
  };
  EXPECT_THAT(read(1, 1, std::string("\x80\xC0\x00", 3)), ElementsAre(0.0F, 0.5F, -1.0F));
  EXPECT_THAT(read(2, 1, std::string("\x00\x40\x00\xC0", 4)), ElementsAre(0.5F, -0.5F));
  EXPECT_THAT(read(3, 1, std::string("\x00\x00\x40", 3)), ElementsAre(0.5F));
  EXPECT_THAT(read(4, 1, std::string("\x00\x00\x00\xC0", 4)), ElementsAre(-0.5F));
  EXPECT_THAT(read(2, 2, std::string("\x00\x40\x00\x00", 4)), ElementsAre(FloatNear(0.25F, 1e-6F)));
  EXPECT_THROW(read(2, 2, "abc"), Error);
}

}  // namespace
}  // namespace hailstone::wyoming
