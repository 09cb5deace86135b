// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/speech/speak/routes.hpp"
#include "services/speech/speak/service.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::speak {
namespace {

using test_support::FakeDaemon;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

class SpeakTest : public ::testing::Test {
 protected:
  SpeakTest() {
    daemon_.files.add({.name = "talker", .task = "speak"});
    add_speak_routes(daemon_.router, service_);
  }

  FakeDaemon daemon_;
  SpeakService service_{daemon_.models, {}};
};

TEST_F(SpeakTest, AShortTextIsAWholeWavWithItsHeaders) {
  const auto answer = daemon_.post("/api/speak", R"({"text":"one two three"})");
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_FALSE(answer->reply.is_stream());
  EXPECT_EQ(answer->reply.content_type(), "audio/wav");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Voice"), "talker");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "fake");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Duration"), "0.600");
  EXPECT_THAT(answer->reply.body(), SizeIs(44 + 0.6 * 32'000));
}

TEST_F(SpeakTest, AStreamBeginsBeforeTheTextIsSaid) {
  const auto answer = daemon_.post("/api/speak", R"({"text":"one two. three.","stream":true})");
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_THAT(answer->reply.pieces(), SizeIs(Gt(2)));
  EXPECT_THAT(answer->reply.body(), StartsWith("RIFF\xFF\xFF\xFF\xFF"));
}

TEST_F(SpeakTest, AClientThatLeavesEndsTheSpeech) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "word. ";
  const auto answer = daemon_.call(http::Method::kPost, "/api/speak",
                                   R"({"stream":true,"text":")" + text + R"("})", {}, 5);
  EXPECT_EQ(answer->code(), ErrorCode::kCancelled);
  EXPECT_EQ(daemon_.leases(), 0);
}

TEST_F(SpeakTest, OpenAiGetsItsErrorsAndLimits) {
  const auto post = [&](const std::string& body) {
    return daemon_.post("/v1/audio/speech", body)->message();
  };
  EXPECT_THAT(post(R"({"model":"tts-1","voice":"alloy"})"), HasSubstr("input"));
  EXPECT_THAT(post(R"({"model":"tts-1","input":"a"})"), HasSubstr("voice"));
  EXPECT_THAT(post(R"({"model":"tts-1","input":")" + std::string(4097, 'a') + R"(","voice":"x"})"),
              HasSubstr("4096"));
  EXPECT_THAT(post(R"({"model":"tts-1","input":"a","voice":"en","response_format":"aac"})"),
              HasSubstr("aac"));
  EXPECT_THAT(post(R"({"model":"tts-1","input":"a","voice":"en","stream_format":"x"})"),
              HasSubstr("stream_format"));
  EXPECT_EQ(post(R"({"model":"tts-1","input":"a","voice":{"id":"en"}})"), "no error");
  EXPECT_THAT(post(R"({"model":"nothing","input":"a","voice":"en"})"), HasSubstr("nothing"));
}

TEST_F(SpeakTest, WithoutAnyVoiceItSaysHowToGetOne) {
  daemon_.files.remove("talker");
  const auto answer = daemon_.post("/api/speak", R"({"text":"a"})");
  EXPECT_THAT(answer->message(), HasSubstr("no model for speak is installed"));
}

}  // namespace
}  // namespace hailstone::speak
