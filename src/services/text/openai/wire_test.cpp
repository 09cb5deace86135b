// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding/base64.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "media/image.hpp"
#include "services/text/openai/wire_chat_reply.hpp"
#include "services/text/openai/wire_chat_request.hpp"
#include "support/field_abuse.hpp"

namespace hailstone::openai {
namespace {

using inference::Part;
using inference::Role;
using inference::Thinking;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Mode = inference::ToolChoice::Mode;

std::string with(const std::string& fields) {
  return R"({"model":"m","messages":[{"role":"user","content":"hi"}],)" + fields + "}";
}

std::string refusal(const std::string& body) {
  try {
    parse_chat(body);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return error.what();
  }
  return "accepted";
}

TEST(OpenAiRequest, ReadsAConversation) {
  const auto call = parse_chat(R"({"model":"m","stream":true,"n":2,"seed":-3,"stop":"END",
    "max_tokens":5,"max_completion_tokens":7,"temperature":0,"logit_bias":{"15":-100},
    "logprobs":true,"top_logprobs":3,"reasoning_effort":"minimal",
    "stream_options":{"include_usage":true},"parallel_tool_calls":false,
    "messages":[
      {"role":"developer","content":"rules"},
      {"role":"user","content":[
        {"type":"text","text":"look"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}},
        {"type":"text","text":"there"},
        {"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}}]},
      {"role":"assistant","content":null,"tool_calls":[
        {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"b\": 1, \"a\": 2}"}}]},
      {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"7"}]}],
    "tools":[{"type":"function","function":{"name":"f","parameters":{"z":1,"a":2}}}],
    "tool_choice":{"type":"function","function":{"name":"f"}}})");
  const auto& task = call.task;
  EXPECT_EQ(call.choices, 2);
  EXPECT_EQ(call.usage, Usage::kInclude);
  EXPECT_EQ(task.options.num_predict, 7);
  EXPECT_EQ(task.options.sampling.seed, -3);
  EXPECT_THAT(task.options.sampling.logit_bias, ElementsAre(std::pair(15, -100.0)));
  EXPECT_THAT(*task.options.stop, ElementsAre("END"));
  EXPECT_EQ(task.thinking, Thinking::kLow);
  ASSERT_EQ(task.messages.size(), 4U);
  EXPECT_EQ(task.messages[0].role, Role::kSystem);
  EXPECT_THAT(task.messages[1].parts,
              ElementsAre(Part{Part::Kind::kText, "look"}, Part{Part::Kind::kImage, "hi"},
                          Part{Part::Kind::kText, "there"}, Part{Part::Kind::kAudio, "hi"}));
  EXPECT_EQ(task.messages[2].tool_calls.at(0).arguments, R"({"b": 1, "a": 2})");
  EXPECT_EQ(task.messages[3].tool_name, "f");
  EXPECT_EQ(task.tools.at(0).parameters, R"({"z":1,"a":2})") << "the order of the client";
  EXPECT_EQ(task.tool_choice, (inference::ToolChoice{Mode::kNamed, "f"}));
  EXPECT_FALSE(task.parallel_tool_calls);
}

TEST(OpenAiRequest, EmptyToolsAndUnknownFieldsChangeNothing) {
  const auto call = parse_chat(with(R"("tools":[],"tool_choice":"auto","new_of_some_sdk":[{}])"));
  EXPECT_THAT(call.task.tools, IsEmpty());
  EXPECT_FALSE(call.task.stream);
}

TEST(OpenAiRequest, AllowedToolsAreTheOnlyOnes) {
  const auto call = parse_chat(with(
      R"("tools":[{"type":"function","function":{"name":"f"}},
                  {"type":"function","function":{"name":"g"}}],
         "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",
           "tools":[{"type":"function","function":{"name":"g"}}]}})"));
  ASSERT_EQ(call.task.tools.size(), 1U);
  EXPECT_EQ(call.task.tools[0].name, "g");
  EXPECT_EQ(call.task.tool_choice.mode, Mode::kRequired);
}

TEST(OpenAiRequest, NamesWhatItCannotObey) {
  EXPECT_THAT(refusal(with(R"("functions":[{"name":"f"}])")), HasSubstr("functions"));
  EXPECT_THAT(refusal(with(R"("tool_choice":"required")")), HasSubstr("tool_choice"));
  EXPECT_THAT(refusal(with(R"("top_logprobs":2)")), HasSubstr("logprobs"));
  EXPECT_THAT(refusal(with(R"("response_format":{"type":"xml"})")),
              HasSubstr("response_format.type"));
  EXPECT_THAT(refusal(R"({"model":"m","messages":[]})"), HasSubstr("messages"));
  EXPECT_THAT(refusal(R"({"model":"m","messages":[{"role":"user","content":[
                {"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]})"),
              HasSubstr("messages[0].content[0].image_url.url"));
}

TEST(OpenAiRequest, LittleDetailIsASmallerPicture) {
  const std::string url =
      "data:image/png;base64," + to_base64(media::encode_png(media::make_image(1000, 10, 9)));
  const auto width = [&](const std::string& detail) {
    const auto call = parse_chat(R"({"model":"m","messages":[{"role":"user","content":[
        {"type":"image_url","image_url":{"url":")" +
                                 url + R"(","detail":)" + detail + "}}]}]}");
    return media::read_image_header(call.task.messages[0].parts[0].data).width;
  };
  EXPECT_EQ(width("\"low\""), 512);
  for (const char* whole : {"\"high\"", "\"auto\"", "null"}) EXPECT_EQ(width(whole), 1000) << whole;
  EXPECT_THROW(width("\"huge\""), Error);
}

TEST(OpenAiRequest, EveryIntegerIsChecked) {
  const auto chat = [](const std::string& body) { parse_chat(body); };
  for (const std::string field : {"max_tokens", "max_completion_tokens", "n", "top_k"}) {
    test_support::expect_integers_are_checked(chat, with("\"" + field + "\":@"), field);
  }
  test_support::expect_integers_are_checked(chat, with(R"("logprobs":true,"top_logprobs":@)"),
                                            "top_logprobs");
  test_support::expect_integers_are_checked(chat, with(R"("seed":@)"), "seed", true);
  const auto completion = [](const std::string& body) { parse_completion(body); };
  for (const std::string field : {"max_tokens", "n", "logprobs", "best_of"}) {
    test_support::expect_integers_are_checked(
        completion, R"({"model":"m","prompt":"x",")" + field + "\":@}", field);
  }
  test_support::expect_integers_are_checked(completion, R"({"model":"m","prompt":[1,@]})",
                                            "prompt");
  const auto embeddings = [](const std::string& body) { parse_embeddings(body); };
  test_support::expect_integers_are_checked(
      embeddings, R"({"model":"m","input":"x","dimensions":@})", "dimensions");
}

TEST(OpenAiReply, OldLogprobsAreListsSideBySide) {
  CompletionPiece piece{0, " b", {{" b", -0.5, " b", 3, {{" c", -1, " c", 4}}}}, 4, "stop"};
  EXPECT_THAT(write_completion({"id", "m", 1}, {piece}, nullptr),
              HasSubstr(R"("logprobs":{"tokens":[" b"],"token_logprobs":[-0.5],)"
                        R"("top_logprobs":[{" c":-1.0}],"text_offset":[4]})"));
}

TEST(OpenAiReply, VectorsInBase64AreLittleEndianFloats) {
  embed::Result result;
  result.vectors = {{0.5F, -0.25F, 1.0F}};
  EXPECT_THAT(write_embeddings("m", result, VectorForm::kBase64), HasSubstr("AAAAPwAAgL4AAIA/"));
}

}  // namespace
}  // namespace hailstone::openai
