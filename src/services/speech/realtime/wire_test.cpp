// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "services/common/base64.hpp"
#include "services/speech/realtime/client_secrets.hpp"
#include "services/speech/realtime/ear.hpp"
#include "services/speech/realtime/g711.hpp"
#include "services/speech/realtime/wire_commands.hpp"
#include "services/speech/realtime/wire_items.hpp"
#include "services/speech/realtime/wire_secrets.hpp"
#include "services/speech/realtime/wire_session.hpp"
#include "support/manual_clock.hpp"

namespace hailstone::realtime {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;

Session updated(const std::string& patch, Dialect dialect = Dialect::kGa) {
  return update_session(make_session({}), patch, dialect);
}

std::string refusal(const std::string& patch, Dialect dialect = Dialect::kGa) {
  try {
    updated(patch, dialect);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(RealtimeSession, BeginsWithOpenAisDefaults) {
  const Session session = make_session({SessionKind::kRealtime, "gpt-realtime", "", 5});
  const Json json = Json::parse(write_session(session, Dialect::kGa));
  EXPECT_EQ(json["type"], "realtime");
  EXPECT_EQ(json["object"], "realtime.session");
  EXPECT_EQ(json["model"], "gpt-realtime");
  EXPECT_EQ(json["expires_at"], 5);
  EXPECT_EQ(json["audio"]["input"]["turn_detection"]["silence_duration_ms"], 500);
  EXPECT_TRUE(session.talk.cast.chat.empty());  // a name of theirs is the best of ours
  EXPECT_EQ(session.talk.turns.ending, voice::TurnOptions::Ending::kFixed);
  EXPECT_FALSE(session.tells_transcripts);
  EXPECT_EQ(session.talk.output_rate, 24'000);
}

TEST(RealtimeSession, AnUpdateChangesOnlyWhatItNames) {
  const Session session =
      updated(R"({"type":"realtime","instructions":"Be brief.","output_modalities":["text"],
    "max_output_tokens":50,"audio":{"input":{"transcription":{"model":"gpt-4o-mini-transcribe","language":"en"},
    "turn_detection":{"type":"semantic_vad","eagerness":"high","interrupt_response":false}},"output":{"voice":"rms","speed":1.25}},
    "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"}}],"tool_choice":"required"})");
  const Json json = Json::parse(session.json);
  EXPECT_EQ(json["audio"]["input"]["format"]["rate"], 24'000);
  EXPECT_EQ(json["audio"]["input"]["turn_detection"]["create_response"], true);
  EXPECT_EQ(session.talk.reply.instructions, "Be brief.");
  EXPECT_FALSE(session.talk.reply.speaks);
  EXPECT_EQ(session.talk.reply.most_tokens, 50);
  EXPECT_EQ(session.talk.reply.voice, "rms");
  EXPECT_EQ(session.talk.reply.speed, 1.25);
  EXPECT_EQ(session.talk.reply.tools.size(), 1U);
  EXPECT_EQ(session.talk.reply.tool_choice.mode, inference::ToolChoice::Mode::kRequired);
  EXPECT_EQ(session.talk.turns.after_incomplete, 2s);
  EXPECT_FALSE(session.talk.may_interrupt);
  EXPECT_TRUE(session.tells_transcripts);
  EXPECT_TRUE(session.talk.cast.hear.empty());
  EXPECT_EQ(session.talk.cast.language, "en");
  const Session again =
      update_session(session, R"({"audio":{"input":{"turn_detection":null}}})", Dialect::kGa);
  EXPECT_EQ(again.talk.turn_taking, voice::TurnTaking::kPushToTalk);
  EXPECT_FALSE(again.talk.replies);
  EXPECT_EQ(again.talk.reply.instructions, "Be brief.");
  EXPECT_TRUE(Json::parse(again.json)["audio"]["input"]["turn_detection"].is_null());
}

TEST(RealtimeSession, WhatCannotBeIsRefusedByName) {
  EXPECT_THAT(refusal(R"({"output_modalities":["audio","text"]})"),
              HasSubstr("session.output_modalities"));
  EXPECT_THAT(refusal(R"({"type":"transcription"})"), HasSubstr("session.type"));
  EXPECT_THAT(refusal(R"({"audio":{"input":{"format":{"type":"audio/mp3"}}}})"),
              HasSubstr("session.audio.input.format.type"));
  EXPECT_THAT(refusal(R"({"audio":{"input":{"turn_detection":{"type":"magic"}}}})"),
              HasSubstr("turn_detection.type"));
  EXPECT_THAT(refusal(R"({"audio":{"output":{"speed":9}}})"),
              HasSubstr("session.audio.output.speed"));
  EXPECT_THAT(refusal(R"({"tools":[{"type":"mcp","name":"x"}]})"),
              HasSubstr("session.tools[0].type"));
  EXPECT_THAT(refusal(R"({"audio":5})"), HasSubstr("session.audio must be an object"));
  EXPECT_THAT(refusal(R"({"audio":{"input":[]}})"),
              HasSubstr("session.audio.input must be an object"));
  EXPECT_EQ(refusal(R"({"audio":null,"output_modalities":null})"), "nothing was refused");
  EXPECT_EQ(refusal(R"({"audio":5,"voice":"x","input_audio_format":null})", Dialect::kBeta),
            "nothing was refused");
  EXPECT_THAT(refusal(R"({"max_output_tokens":"many"})"), HasSubstr("session.max_output_tokens"));
}

TEST(RealtimeSession, TheBetaHasOtherNames) {
  const Session session = updated(
      R"({"modalities":["text"],"input_audio_format":"g711_ulaw","output_audio_format":"pcm16",
    "input_audio_transcription":{"model":"whisper-1"},"turn_detection":null,"voice":"slt","max_response_output_tokens":"inf","temperature":0.6})",
      Dialect::kBeta);
  EXPECT_FALSE(session.talk.reply.speaks);
  EXPECT_EQ(session.input, (Format{Encoding::kMuLaw, 8000}));
  EXPECT_EQ(session.talk.reply.voice, "slt");
  EXPECT_EQ(session.talk.reply.temperature, 0.6);
  const Json beta = Json::parse(write_session(session, Dialect::kBeta));
  EXPECT_EQ(beta["modalities"], Json::array({"text"}));
  EXPECT_EQ(beta["input_audio_format"], "g711_ulaw");
  EXPECT_TRUE(beta["turn_detection"].is_null());
  EXPECT_EQ(beta["max_response_output_tokens"], "inf");
  EXPECT_FALSE(beta.contains("audio"));
}

TEST(RealtimeSession, TranscriptionAnswersNothing) {
  const Session session = make_session({SessionKind::kTranscription, "", "", 0});
  EXPECT_FALSE(session.talk.replies);
  EXPECT_TRUE(session.tells_transcripts);
  EXPECT_EQ(Json::parse(session.json)["type"], "transcription");
}

TEST(RealtimeSession, AResponseMayDifferFromTheSession) {
  voice::Conversation conversation;
  voice::Item known;
  known.id = "item_1";
  known.contents.push_back({voice::Content::Kind::kText, "hello"});
  conversation.add(known);
  const Session session = updated(R"({"instructions":"A"})");
  const auto plain = read_response(session, "", Dialect::kGa, conversation);
  EXPECT_EQ(plain.options.instructions, "A");
  EXPECT_FALSE(plain.is_apart);
  const auto wish = read_response(
      session, R"({"conversation":"none","output_modalities":["text"],"instructions":"B",
    "metadata":{"topic":"x"},"input":[{"type":"item_reference","id":"item_1"},
    {"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]})",
      Dialect::kGa, conversation);
  EXPECT_TRUE(wish.is_apart);
  EXPECT_FALSE(wish.options.speaks);
  EXPECT_EQ(wish.options.instructions, "B");
  EXPECT_EQ(wish.metadata.at("topic"), "x");
  ASSERT_EQ(wish.input->size(), 2U);
  EXPECT_EQ(voice::text_of((*wish.input)[1]), "hi");
  EXPECT_THROW(read_response(session, R"({"input":[{"type":"item_reference","id":"no"}]})",
                             Dialect::kGa, conversation),
               Error);
}

TEST(RealtimeCommands, AreReadAndRefusedByName) {
  const auto append = parse_command(R"({"type":"input_audio_buffer.append","audio":"AAEC"})");
  EXPECT_EQ(append.audio, std::string("\0\1\2", 3));
  const auto create = parse_command(
      R"({"type":"conversation.item.create","previous_item_id":"root","item":{"type":"function_call_output","call_id":"c","output":"ok"}})");
  EXPECT_EQ(create.after, "root");
  EXPECT_EQ(create.item.output, "ok");
  EXPECT_TRUE(create.item.id.starts_with("item_"));
  const auto cut = parse_command(
      R"({"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":1500})");
  EXPECT_EQ(cut.audio_end, 1500ms);
  for (
      const auto& [message, reason] : std::vector<std::pair<std::string, std::string>>{
          {"no json", "JSON"},
          {R"({"type":"dance"})", "Supported values"},
          {"{}", "type"},
          {R"({"type":"input_audio_buffer.append","audio":"?"})", "audio"},
          {R"({"type":"conversation.item.create","item":{"type":"message","role":"cat"}})",
           "item.role"},
          {R"({"type":"conversation.item.create","item":{"role":"user","content":[{"type":"input_text"}]}})",
           "item.content[0].text"}}) {
    try {
      parse_command(message);
      ADD_FAILURE() << message;
    } catch (const Error& error) {
      EXPECT_THAT(std::string(error.what()), HasSubstr(reason)) << message;
    }
  }
  EXPECT_EQ(find_event_id(R"({"event_id":"e1","type":"dance"})"), "e1");
  EXPECT_EQ(find_event_id("no json"), "");
}

TEST(RealtimeItems, AreWrittenAsTheyAreRead) {
  const Json json = Json::parse(
      R"({"id":"a","type":"message","role":"assistant","content":[{"type":"output_audio","transcript":"hi"}]})");
  const auto item = read_item(http::Fields(json));
  EXPECT_EQ(item_json(item, Dialect::kGa)["content"][0],
            Json({{"type", "output_audio"}, {"transcript", "hi"}}));
  EXPECT_EQ(item_json(item, Dialect::kBeta)["content"][0]["type"], "audio");
  EXPECT_EQ(item_json(item, Dialect::kGa)["object"], "realtime.item");
}

TEST(G711, ComesBackAsLoudAsItWent) {
  for (const Law law : {Law::kMu, Law::kA}) {
    std::string pcm;
    std::vector<float> in;
    for (int value = -32'000; value <= 32'000; value += 250) {
      pcm.push_back(static_cast<char>(value & 0xFF));
      pcm.push_back(static_cast<char>(value >> 8 & 0xFF));
      in.push_back(static_cast<float>(value) / 32768.0F);
    }
    std::vector<float> out;
    from_g711(to_g711(pcm, law), law, out);
    ASSERT_EQ(out.size(), in.size());
    for (std::size_t i = 0; i < in.size(); ++i) {
      EXPECT_NEAR(out[i], in[i], 0.0006 + std::abs(in[i]) * 0.035)
          << static_cast<int>(law) << ' ' << i;
    }
  }
  // The recommendation's own: silence, and the loudest.
  EXPECT_EQ(to_g711(std::string(2, '\0'), Law::kMu), "\xFF");
  EXPECT_EQ(to_g711(std::string(2, '\0'), Law::kA), "\xD5");
}

TEST(Ear, KeepsHalfASampleForTheNextPiece) {
  Ear ear;
  ear.set_format({Encoding::kPcm16, 16'000});
  EXPECT_EQ(ear.take(std::string("\x00\x40\x00", 3)).size(), 1U);
  const auto samples = ear.take("\x40");
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_FLOAT_EQ(samples[0], 0.5F);
}

TEST(ClientSecrets, OpenADoorForAWhile) {
  test_support::ManualClock clock;
  ClientSecrets secrets(clock);
  const auto secret = secrets.make(60s, "{}");
  EXPECT_TRUE(secret.value.starts_with("ek_"));
  EXPECT_NE(secrets.make(60s, "{}").value, secret.value);
  EXPECT_TRUE(secrets.find(secret.value).has_value());
  EXPECT_FALSE(secrets.find("ek_0").has_value());
  clock.advance(61s);
  EXPECT_FALSE(secrets.find(secret.value).has_value());
}

TEST(ClientSecrets, AreAskedForInBothDialects) {
  const auto request = parse_secret_request(
      R"({"expires_after":{"anchor":"created_at","seconds":30},"session":{"type":"transcription"}})");
  EXPECT_EQ(request.life, 30s);
  EXPECT_EQ(request.kind, SessionKind::kTranscription);
  EXPECT_EQ(parse_secret_request("").life, 600s);
  EXPECT_THROW(parse_secret_request(R"({"expires_after":{"seconds":5}})"), Error);
  const Json reply = Json::parse(write_secret({"ek_1", WallTime(100s), "{}"}, make_session({})));
  EXPECT_EQ(reply["value"], "ek_1");
  EXPECT_EQ(reply["expires_at"], 100);
  EXPECT_EQ(reply["session"]["object"], "realtime.session");
  const Json beta =
      Json::parse(write_beta_secret({"ek_1", WallTime(100s), "{}"}, make_session({})));
  EXPECT_EQ(beta["client_secret"]["value"], "ek_1");
}

}  // namespace
}  // namespace hailstone::realtime
