// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/live.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "media/audio/encoder.hpp"
#include "media/audio/files/packet_decoder.hpp"
#include "media/audio/testing/sounds.hpp"
#include "services/speech/speak/service.hpp"
#include "services/speech/transcribe/service.hpp"
#include "services/text/chat/service.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::voice {
namespace {

using namespace std::chrono_literals;
using http::WebSocketMessage;
using Json = nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// A client that does one thing after the other, and waits for what it expects in between.
class Client final : public http::WebSocketSession {
 public:
  void say(const std::string& text) {
    steps_.push_back({{WebSocketMessage::Kind::kText, text}, {}, 1});
  }
  void play(const media::Pcm& sound) {
    const auto bytes = media::encode_sound(media::SoundFormat::kWav, sound).substr(44);
    for (std::size_t at = 0; at < bytes.size(); at += 640) {
      steps_.push_back({{WebSocketMessage::Kind::kBinary, bytes.substr(at, 640)}, {}, 1});
    }
  }
  /// Speech after a moment of silence, and then the silence that ends it.
  void speak(int seconds) {
    auto sound = media::testing::tone(700, seconds);
    sound.samples.insert(sound.samples.begin(), 6400, 0.0F);
    sound.samples.resize(sound.samples.size() + 32'000);
    play(sound);
  }
  void await(std::string type, int count = 1) { steps_.push_back({{}, std::move(type), count}); }

  WebSocketMessage receive(Deadline, std::stop_token stop) override {
    std::unique_lock lock(mutex_);
    if (steps_.empty()) return {WebSocketMessage::Kind::kClosed, {}};
    Step step = std::move(steps_.front());
    steps_.pop_front();
    if (step.awaited.empty()) return step.message;
    const bool has_come =
        changed_.wait_for(lock, stop, 20s, [&] { return count(step.awaited) >= step.times; });
    EXPECT_TRUE(has_come || stop.stop_requested()) << step.awaited << " does not come";
    if (!has_come) steps_.clear();
    return {WebSocketMessage::Kind::kNothing, {}};
  }
  void send_text(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    sent_.push_back(Json::parse(text));
    changed_.notify_all();
  }
  void send_binary(std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    sounds_.emplace_back(bytes);
    sent_.push_back({{"type", "sound"}});
    changed_.notify_all();
  }
  void close(http::CloseCode, std::string_view) override {}
  std::string_view protocol() const noexcept override { return {}; }

  // After the talk.
  std::vector<std::string> types() const {
    std::vector<std::string> types;
    for (const auto& message : sent_) {
      const std::string type = message["type"];
      if (types.empty() || types.back() != type) types.push_back(type);
    }
    return types;
  }
  Json first(const std::string& type) const {
    for (const auto& message : sent_) {
      if (message["type"] == type) return message;
    }
    ADD_FAILURE() << "no " << type;
    return Json::object();
  }
  Json last(const std::string& type) const {
    for (auto message = sent_.rbegin(); message != sent_.rend(); ++message) {
      if ((*message)["type"] == type) return *message;
    }
    ADD_FAILURE() << "no " << type;
    return Json::object();
  }
  int count(const std::string& type) const {
    return static_cast<int>(std::count_if(
        sent_.begin(), sent_.end(), [&](const Json& message) { return message["type"] == type; }));
  }
  const std::vector<std::string>& sounds() const { return sounds_; }

 private:
  struct Step {
    WebSocketMessage message;
    std::string awaited;
    int times = 1;
  };
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Step> steps_;
  std::vector<Json> sent_;
  std::vector<std::string> sounds_;
};

class LiveTest : public ::testing::Test {
 protected:
  LiveTest() {
    daemon_.files.add({.name = "listener", .task = "transcribe"});
    daemon_.files.add({.name = "speaker", .task = "speak"});
  }
  void add_chat(std::map<std::string, std::string> settings = {}) {
    daemon_.files.add({.name = "talker", .task = "chat", .settings = std::move(settings)});
  }
  void talk(const std::map<std::string, std::string>& query = {}) {
    http::Request request;
    request.query = query;
    hold_talk({task_models_, transcribe_, chat_, speak_}, request, client_);
    EXPECT_EQ(daemon_.leases(), 0);
  }

  test_support::FakeDaemon daemon_;
  services::TaskModels task_models_{daemon_.models, {}};
  transcribe::TranscribeService transcribe_{daemon_.models, {}};
  chat::ChatService chat_{daemon_.models};
  speak::SpeakService speak_{daemon_.models, {}};
  Client client_;
};

TEST_F(LiveTest, ATurnIsHeardAnsweredAndSpoken) {
  add_chat({{"reply", "Here you are, my friend. That is all."}});
  client_.say(R"({"type":"start","model":"talker","output_rate":16000})");
  client_.await("ready");
  client_.speak(3);
  client_.await("reply_done");
  client_.say(R"({"type":"stop"})");
  talk();
  const auto types = client_.types();
  const std::vector<std::string> order = {
      "ready", "speech_started", "speech_stopped", "heard",      "reply_started",
      "text",  "speaking",       "sound",          "reply_done", "done"};
  auto place = types.begin();
  for (const auto& type : order) {
    place = std::find(place, types.end(), type);
    EXPECT_NE(place, types.end()) << type << " in " << Json(types);
  }
  EXPECT_EQ(client_.first("ready")["models"]["chat"], "talker:latest");
  EXPECT_THAT(client_.first("heard")["text"].get<std::string>(), HasSubstr("hello"));
  const auto done = client_.first("reply_done");
  EXPECT_EQ(done["status"], "completed");
  EXPECT_EQ(done["text"], "Here you are, my friend. That is all.");
  // A fifth of a second for each word.
  EXPECT_NEAR(done["duration"].get<double>(), 8 * 0.2, 0.1);
  std::size_t bytes = 0;
  for (const auto& sound : client_.sounds()) bytes += sound.size();
  EXPECT_NEAR(static_cast<double>(bytes) / 32'000, 1.6, 0.1);
  for (const char* time : {"turn_end_ms", "heard_ms", "token_ms", "clause_ms", "sound_ms"}) {
    EXPECT_TRUE(done["times"].contains(time)) << time;
  }
}

TEST_F(LiveTest, SpeechStopsTheAnswerAndOnlyWhatWasHeardIsLeft) {
  add_chat(
      {{"reply", "one two three four five six seven. "}, {"tokens", "400"}, {"token_ms", "5"}});
  client_.say(R"({"type":"start","model":"talker"})");
  client_.speak(2);
  client_.await("sound", 3);
  client_.speak(2);
  client_.await("interrupted");
  client_.await("reply_done");
  client_.say(R"({"type":"stop"})");
  talk();
  const auto done = client_.first("reply_done");
  EXPECT_EQ(done["status"], "cancelled");
  const auto heard = client_.first("interrupted")["heard"].get<std::string>();
  EXPECT_TRUE(done["text"].get<std::string>().starts_with(heard));
  EXPECT_LT(heard.size(), done["text"].get<std::string>().size());
}

TEST_F(LiveTest, PushToTalkEndsATurnByWord) {
  add_chat();
  client_.say(R"({"type":"start","turns":"push_to_talk","speaks":false})");
  client_.play(media::testing::tone(700, 2));
  client_.say(R"({"type":"commit"})");
  client_.await("reply_done");
  talk();
  EXPECT_THAT(client_.types(), Not(Contains("speech_started")));
  EXPECT_THAT(client_.types(), Not(Contains("sound")));
  EXPECT_EQ(client_.first("reply_done")["text"], client_.first("heard")["text"]);
}

TEST_F(LiveTest, TextAndToolsWorkToo) {
  add_chat({{"calls", "light {\"room\": \"kitchen\"}"},
            {"capabilities", "completion,tools"},
            {"reply", "It is on."}});
  client_.say(
      R"({"type":"start","tools":[{"type":"function","name":"light","parameters":{"type":"object"}}]})");
  client_.say(R"({"type":"text","text":"light please"})");
  client_.await("tool_call");
  client_.await("reply_done");
  client_.say(R"({"type":"tool_result","id":"none","output":"ok"})");
  client_.await("error");
  talk();
  const auto call = client_.first("tool_call");
  EXPECT_EQ(call["name"], "light");
  EXPECT_EQ(call["arguments"]["room"], "kitchen");
  EXPECT_THAT(client_.first("error")["error"].get<std::string>(), HasSubstr("none"));
}

TEST_F(LiveTest, OpusGoesOutAsPackets) {
  add_chat({{"reply", "one two three"}});
  client_.say(R"({"type":"start","output_format":"opus","output_rate":24000})");
  client_.say(R"({"type":"text","text":"hi"})");
  client_.await("reply_done");
  talk();
  media::PacketFormat format;
  format.codec = "A_OPUS";
  format.channels = 1;
  const auto decoder = media::make_packet_decoder(format);
  std::vector<float> samples;
  for (const auto& packet : client_.sounds()) {
    decoder->decode({reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size()}, samples);
  }
  EXPECT_NEAR(static_cast<double>(samples.size()) / decoder->sample_rate(), 0.6, 0.1);
}

TEST_F(LiveTest, MistakesAreToldAndTheTalkGoesOn) {
  add_chat({{"reply", "fine"}});
  client_.say(R"({"type":"start"})");
  for (const char* message :
       {R"({"type":"dance"})", "no json", R"({"type":"commit"})", R"({"type":"start"})",
        R"({"type":"update","speed":99})", R"({"type":"update","format":"opus"})"}) {
    client_.say(message);
  }
  client_.await("error", 6);
  client_.say(R"({"type":"text","text":"hi"})");
  client_.await("reply_done");
  talk();
  EXPECT_EQ(client_.count("error"), 6);
  EXPECT_EQ(client_.first("reply_done")["text"], "fine");
}

TEST_F(LiveTest, ABadStartEndsIt) {
  for (const auto& [message, reason] : std::vector<std::pair<std::string, std::string>>{
           {R"({"type":"start","output_rate":5})", "output_rate"},
           {R"({"type":"start","turns":"never"})", "turns"},
           {R"({"type":"start","history":[{"role":"cat","content":"meow"}]})",
            "history[0].role"}}) {
    Client client;
    client.say(message);
    http::Request request;
    EXPECT_THROW(hold_talk({task_models_, transcribe_, chat_, speak_}, request, client), Error);
    EXPECT_THAT(client.last("error")["error"].get<std::string>(), HasSubstr(reason));
  }
}

TEST_F(LiveTest, AFailedAnswerSaysWhyAndTheTalkGoesOn) {
  add_chat({{"fail_after", "2"}, {"tokens", "9"}});
  client_.say(R"({"type":"start","model":"talker"})");
  client_.say(R"({"type":"text","text":"hi"})");
  client_.await("reply_done");
  client_.say(R"({"type":"text","text":"again"})");
  client_.await("reply_done", 2);
  talk();
  EXPECT_EQ(client_.first("reply_done")["status"], "failed");
  EXPECT_FALSE(client_.first("reply_done")["error"].get<std::string>().empty());
}

TEST_F(LiveTest, AClientThatLeavesInTheMidstOfAnAnswerLeavesNothingBehind) {
  add_chat({{"tokens", "100000"}, {"token_ms", "5"}, {"reply", "one two. "}});
  client_.say(R"({"type":"start","ahead_ms":100})");
  client_.say(R"({"type":"text","text":"hi"})");
  client_.await("sound", 2);
  const auto begin = std::chrono::steady_clock::now();
  talk();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST_F(LiveTest, WhereNothingIsInstalledTheClientIsTold) {
  client_.say(R"({"type":"start"})");
  client_.await("error");
  talk();
  EXPECT_THAT(client_.first("error")["error"].get<std::string>(), HasSubstr("no model for chat"));
}

}  // namespace
}  // namespace hailstone::voice
