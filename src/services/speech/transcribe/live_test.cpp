// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/live.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>

#include "media/audio/encoder.hpp"
#include "media/audio/testing/sounds.hpp"
#include "services/speech/transcribe/service.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::transcribe {
namespace {

using http::WebSocketMessage;
using Json = nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;

/// A client whose messages are known beforehand; then it leaves.
class ScriptedSession final : public http::WebSocketSession {
 public:
  void say(const std::string& text) { script_.push_back({WebSocketMessage::Kind::kText, text}); }
  void play(const media::Pcm& sound) {
    const auto bytes = media::encode_sound(media::SoundFormat::kWav, sound).substr(44);
    for (std::size_t at = 0; at < bytes.size(); at += 3200) {
      script_.push_back({WebSocketMessage::Kind::kBinary, bytes.substr(at, 3200)});
    }
  }

  WebSocketMessage receive(Deadline, std::stop_token) override {
    if (script_.empty()) return {WebSocketMessage::Kind::kClosed, {}};
    auto message = std::move(script_.front());
    script_.pop_front();
    return message;
  }
  void send_text(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    sent_.push_back(Json::parse(text));
  }
  void send_binary(std::string_view) override {}
  void close(http::CloseCode, std::string_view) override {}
  std::string_view protocol() const noexcept override { return {}; }

  std::vector<std::string> types() const {
    std::vector<std::string> types;
    for (const auto& message : sent_) types.push_back(message["type"]);
    return types;
  }
  const Json& last() const { return sent_.back(); }

 private:
  std::deque<WebSocketMessage> script_;
  std::mutex mutex_;
  std::vector<Json> sent_;  // guarded by mutex_ until the conversation is over
};

class LiveTest : public ::testing::Test {
 protected:
  LiveTest() { daemon_.files.add({.name = "listener", .task = "transcribe"}); }
  void converse(const std::map<std::string, std::string>& query = {}) {
    http::Request request;
    request.query = query;
    hold_conversation(service_, request, session_);
  }

  test_support::FakeDaemon daemon_;
  TranscribeService service_{daemon_.models, {}};
  ScriptedSession session_;
};

TEST_F(LiveTest, SpeechIsToldWhileItComesAndAllOfItAtTheEnd) {
  session_.say(R"({"type":"start","format":"pcm_s16le","sample_rate":16000,"language":"en"})");
  auto sound = media::testing::tone(700, 1.5);
  sound.samples.insert(sound.samples.begin(), 6400, 0.0F);
  sound.samples.resize(sound.samples.size() + 16'000);
  session_.play(sound);
  session_.say(R"({"type":"stop"})");
  converse();
  EXPECT_EQ(session_.types().front(), "ready");
  EXPECT_THAT(session_.types(), Contains("speech_started"));
  EXPECT_THAT(session_.types(), Contains("speech_stopped"));
  EXPECT_THAT(session_.types(), Contains("final"));
  EXPECT_EQ(session_.last()["type"], "done");
  EXPECT_THAT(session_.last()["text"].get<std::string>(), HasSubstr("hello"));
  EXPECT_EQ(daemon_.leases(), 0);
}

TEST_F(LiveTest, TheOptionsMayStandInTheQueryAndTheClientMayLeave) {
  session_.play(media::testing::tone(700, 2, 48'000));
  converse({{"sample_rate", "48000"}});
  EXPECT_EQ(session_.last()["type"], "done");
  EXPECT_NEAR(session_.last()["duration"].get<double>(), 2, 0.1);
}

TEST_F(LiveTest, WhatIsWrongIsSaidBeforeTheEnd) {
  for (const auto& [message, reason] : std::vector<std::pair<std::string, std::string>>{
           {R"({"type":"start","format":"wma"})", "format"},
           {R"({"type":"dance"})", "type must be one of"},
           {R"({"type":"start","sample_rate":5})", "sample_rate"},
           {"no json", "JSON"}}) {
    ScriptedSession session;
    session.say(message);
    http::Request request;
    EXPECT_THROW(hold_conversation(service_, request, session), Error) << message;
    EXPECT_EQ(session.last()["type"], "error");
    EXPECT_THAT(session.last()["error"].get<std::string>(), HasSubstr(reason));
  }
}

TEST_F(LiveTest, ADamagedPacketEndsIt) {
  session_.say(R"({"type":"start","format":"opus"})");
  session_.play(media::testing::tone(700, 1));
  EXPECT_THROW(converse(), Error);
  EXPECT_EQ(session_.last()["type"], "error");
  EXPECT_EQ(daemon_.leases(), 0);
}

}  // namespace
}  // namespace hailstone::transcribe
