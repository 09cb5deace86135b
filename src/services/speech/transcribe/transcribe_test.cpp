// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "media/audio/encoder.hpp"
#include "media/audio/testing/sounds.hpp"
#include "services/common/base64.hpp"
#include "services/speech/transcribe/languages.hpp"
#include "services/speech/transcribe/routes.hpp"
#include "services/speech/transcribe/service.hpp"
#include "services/speech/transcribe/wire_live.hpp"
#include "services/speech/transcribe/wire_openai.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::transcribe {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using test_support::FakeDaemon;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A tone is speech enough for the detector.
std::string talk(double seconds) {
  return media::encode_sound(media::SoundFormat::kWav, media::testing::tone(700, seconds));
}

Result spoken() {
  Result result;
  result.text = "Hello you";
  result.language = "en";
  result.duration = milliseconds(2500);
  inference::HeardSegment segment;
  segment.begin = milliseconds(100);
  segment.end = milliseconds(3'723'004);
  segment.text = " Hello --> you";
  segment.words = {{milliseconds(100), milliseconds(500), " Hello", 0.9}};
  result.segments = {segment};
  return result;
}

TEST(Formats, SubtitlesHaveTheirTimes) {
  EXPECT_EQ(write_srt(spoken().segments), "1\n00:00:00,100 --> 01:02:03,004\nHello -> you\n\n");
  EXPECT_EQ(write_vtt(spoken().segments),
            "WEBVTT\n\n00:00:00.100 --> 01:02:03.004\nHello -> you\n\n");
}

TEST(Formats, TextThatRepeatsItselfIsTold) {
  std::string loop;
  for (int i = 0; i < 50; ++i) loop += "and so on ";
  EXPECT_GT(compression_ratio(loop), 5);
  EXPECT_LT(compression_ratio("Ask what you can do for your country."), 1.2);
}

TEST(Languages, AreKnownByCodeAndName) {
  EXPECT_EQ(find_language_code("German"), "de");
  EXPECT_EQ(find_language_code("en-US"), "en");
  EXPECT_EQ(find_language_code("auto"), "");
  EXPECT_EQ(find_language_code("klingon"), std::nullopt);
  EXPECT_EQ(language_name("de"), "german");
}

TEST(WireOpenAi, VerboseHasWhatWasAskedFor) {
  TranscribeRequest request;
  request.task.options.want_words = true;
  const Json json = Json::parse(write_openai_verbose(spoken(), request));
  EXPECT_EQ(json["language"], "english");
  EXPECT_EQ(json["task"], "transcribe");
  EXPECT_EQ(json["segments"][0]["text"], " Hello --> you");
  EXPECT_EQ(json["words"][0]["word"], "Hello");
  EXPECT_EQ(json["words"][0]["end"], 0.5);
  request.want_segments = false;
  EXPECT_FALSE(Json::parse(write_openai_verbose(spoken(), request)).contains("segments"));
}

TEST(WireLive, WhatStaysIsCountedInTheTextThatIsSent) {
  inference::HearEvent event;
  event.kind = inference::HearEvent::Kind::kPartial;
  event.segment.text = " good morning";
  event.stable = 5;
  EXPECT_EQ(Json::parse(write_heard(event))["stable"], 4);
}

class TranscribeTest : public ::testing::Test {
 protected:
  TranscribeTest() {
    daemon_.files.add({.name = "listener", .task = "transcribe"});
    add_transcribe_routes(daemon_.router, service_, daemon_.files.root());
  }
  Json post(const std::string& body) {
    const auto answer = daemon_.post("/api/transcribe", body);
    EXPECT_FALSE(answer->error) << answer->message();
    return Json::parse(answer->reply.body());
  }

  FakeDaemon daemon_;
  TranscribeService service_{daemon_.models, {}};
};

TEST_F(TranscribeTest, ARecordingIsTextLanguageAndDuration) {
  const Json json = post(talk(2));
  EXPECT_EQ(json.size(), 3U);
  EXPECT_EQ(json["text"], "hello world");
  EXPECT_EQ(json["language"], "en");
  EXPECT_EQ(json["duration"], 2.0);
}

TEST_F(TranscribeTest, AFormMayHaveItsFileFirst) {
  daemon_.headers.add("Content-Type", "multipart/form-data; boundary=b");
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n" + talk(1) +
      "\r\n--b\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\nsrt"
      "\r\n--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b--\r\n";
  const auto answer = daemon_.post("/v1/audio/transcriptions", form);
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_THAT(answer->reply.body(), StartsWith("1\n00:00:00,000 --> 00:00:0"));
}

TEST_F(TranscribeTest, JsonMayBringItInBase64) {
  daemon_.headers.add("Content-Type", "application/json");
  const Json json =
      post(R"({"format":"verbose_json","audio":")" + services::to_base64(talk(1)) + R"("})");
  EXPECT_EQ(json["segments"][0]["text"], "hello");
}

TEST_F(TranscribeTest, LongSoundIsHeardInPiecesWithTheTimesOfTheWhole) {
  auto sound = media::testing::tone(700, 13);
  sound.samples.resize(sound.samples.size() + 2 * 16'000);  // silence
  const auto more = media::testing::tone(700, 5);
  sound.samples.insert(sound.samples.end(), more.samples.begin(), more.samples.end());
  daemon_.headers.add("Content-Type", "application/json");
  const Json json =
      post(R"({"format":"verbose_json","audio":")" +
           services::to_base64(media::encode_sound(media::SoundFormat::kFlac, sound)) + R"("})");
  const auto& segments = json["segments"];
  double last = 0;
  bool has_gap = false;
  for (const auto& segment : segments) {
    EXPECT_GE(segment["begin"].get<double>(), last - 0.001);
    has_gap = has_gap || segment["begin"].get<double>() > last + 1;
    last = segment["end"].get<double>();
  }
  EXPECT_TRUE(has_gap) << "the silence is left out";
  EXPECT_NEAR(last, 20, 0.3);
}

TEST_F(TranscribeTest, NoModelIsLoadedForWhatIsNoSound) {
  const auto answer = daemon_.post("/api/transcribe", "this is text");
  EXPECT_EQ(answer->code(), ErrorCode::kBadRequest);
  EXPECT_TRUE(daemon_.runtime.residents().empty());
}

TEST_F(TranscribeTest, AClientThatLeavesEndsTheWork) {
  daemon_.headers.add("Content-Type", "application/json");
  const std::string body = R"({"stream":true,"audio":")" + services::to_base64(talk(30)) + R"("})";
  const auto answer = daemon_.call(http::Method::kPost, "/api/transcribe", body, {}, 3);
  EXPECT_EQ(answer->code(), ErrorCode::kCancelled);
  EXPECT_EQ(daemon_.leases(), 0);
}

}  // namespace
}  // namespace hailstone::transcribe
