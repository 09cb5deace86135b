// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/wire_ollama.hpp"
#include "support/field_abuse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/error.hpp"

namespace hailstone::chat {
namespace {

using inference::Part;
using inference::Role;
using std::chrono::nanoseconds;
using testing::ElementsAre;
using testing::HasSubstr;

const WallTime kNow{std::chrono::seconds(1795424400)};  // 2026-11-23T09:00:00Z

std::string refusal_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << error.what();
    return error.what();
  }
  return "accepted";
}

ReplyPiece text_chunk(const char* text) {
  ReplyPiece chunk;
  chunk.text = text;
  return chunk;
}

Summary whole_summary() {
  Summary summary;
  summary.total_time = nanoseconds(310000000);
  summary.load_time = nanoseconds(12000000);
  summary.prompt_tokens = 11;
  summary.prompt_time = nanoseconds(90000000);
  summary.generated_tokens = 2;
  summary.generate_time = nanoseconds(200000000);
  summary.context = {1, 2, 3};
  return summary;
}

TEST(ChatWire, ReadsEveryField) {
  const auto task = parse_chat(R"({
    "model":"m:1b","stream":false,"keep_alive":"5m","think":"high","format":"json",
    "truncate":false,"shift":false,"logprobs":true,"top_logprobs":20,"options":{"seed":3},
    "messages":[
      {"role":"system","content":"be kind"},
      {"role":"user","content":"look","images":["aGk="]},
      {"role":"assistant","content":"","thinking":"hm","tool_calls":[
        {"id":"c1","function":{"index":0,"name":"f","arguments":{"a":1}}},
        {"function":{"name":"g"}}]},
      {"role":"tool","content":"7","tool_name":"f","tool_call_id":"c1"}],
    "tools":[{"type":"function","function":{"name":"f","description":"does","parameters":{"x":1}}},
             {"function":{"name":"g"}}],
    "new_field_of_some_sdk":[{}]})");
  EXPECT_EQ(task.model, "m:1b");
  EXPECT_FALSE(task.stream || task.truncate || task.shift);
  EXPECT_EQ(task.keep_alive, std::chrono::minutes(5));
  EXPECT_EQ(task.thinking, inference::Thinking::kHigh);
  EXPECT_EQ(task.schema, "{}");
  EXPECT_TRUE(task.want_logprobs);
  EXPECT_EQ(task.top_logprobs, 20);
  EXPECT_EQ(task.options.sampling.seed, 3);
  ASSERT_EQ(task.messages.size(), 4U);
  EXPECT_EQ(task.messages[0].role, Role::kSystem);
  EXPECT_THAT(task.messages[1].parts,
              ElementsAre(Part{Part::Kind::kImage, "hi"}, Part{Part::Kind::kText, "look"}));
  EXPECT_EQ(task.messages[2].thinking, "hm");
  EXPECT_EQ(task.messages[2].tool_calls.at(0).id, "c1");
  EXPECT_EQ(task.messages[2].tool_calls.at(0).arguments, R"({"a":1})");
  EXPECT_EQ(task.messages[2].tool_calls.at(1).arguments, "{}");
  EXPECT_EQ(task.messages[3].tool_call_id, "c1");
  EXPECT_EQ(task.messages[3].tool_name, "f");
  ASSERT_EQ(task.tools.size(), 2U);
  EXPECT_EQ(task.tools[0].description, "does");
  EXPECT_EQ(task.tools[0].parameters, R"({"x":1})");
  EXPECT_EQ(task.tools[1].parameters, R"({"type":"object","properties":{}})");
}

TEST(ChatWire, WhatIsAbsentOrNullIsTheDefault) {
  for (
      const char* body :
      {R"({"model":"m"})",
       R"({"model":"m","messages":null,"stream":null,"tools":null,"think":null,"options":null})"}) {
    const auto task = parse_chat(body);
    EXPECT_TRUE(task.stream && task.truncate && task.shift);
    EXPECT_TRUE(task.messages.empty() && task.tools.empty());
    EXPECT_FALSE(task.keep_alive || task.schema || task.want_logprobs);
  }
  EXPECT_TRUE(parse_chat(R"({"model":"m","messages":[{"role":"user","content":null}]})")
                  .messages.at(0)
                  .parts.empty());
}

TEST(ChatWire, RolesComeInAnyCaseAndUnknownOnesArePassedOn) {
  const auto task = parse_chat(
      R"({"model":"m","messages":[{"role":"Assistant"},{"role":"SYSTEM"},{"role":"developer"}]})");
  EXPECT_EQ(task.messages.at(0).role, Role::kAssistant);
  EXPECT_EQ(task.messages.at(1).role, Role::kSystem);
  EXPECT_EQ(task.messages.at(1).role_name, "");
  EXPECT_EQ(task.messages.at(2).role, Role::kUser);
  EXPECT_EQ(task.messages.at(2).role_name, "developer");
}

TEST(ChatWire, ACutCharacterIsNoReasonToRefuse) {
  const auto task = parse_chat(
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\xFF \\ud83d\"}]}");
  EXPECT_EQ(inference::text_of(task.messages.at(0)), "a\xEF\xBF\xBD \xEF\xBF\xBD");
}

TEST(ChatWire, WhatIsOnlyPassedOnKeepsItsOrder) {
  const auto task = parse_chat(R"({"model":"m","format":{"z":1,"a":{"y":2,"b":3}},
    "messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"z":1,"a":2}}}]}],
    "tools":[{"function":{"name":"f","parameters":{"z":1,"a":2}}}]})");
  EXPECT_EQ(task.schema, R"({"z":1,"a":{"y":2,"b":3}})");
  EXPECT_EQ(task.messages.at(0).tool_calls.at(0).arguments, R"({"z":1,"a":2})");
  EXPECT_EQ(task.tools.at(0).parameters, R"({"z":1,"a":2})");
}

TEST(ChatWire, NamesTheFieldThatIsWrong) {
  const std::string deep(100'000, '[');
  for (
      const auto& [body, words] : std::vector<std::pair<std::string, std::string>>{
          {"", "missing request body"},
          {"{", "invalid JSON"},
          {"[]", "must be a JSON object"},
          {"{}", "model is required"},
          {R"({"model":""})", "model is required"},
          {R"({"model":7})", "model must be a string"},
          {R"({"model":"m","messages":7})", "messages must be an array"},
          {R"({"model":"m","messages":[7]})", "messages[0] must be an object"},
          {R"({"model":"m","messages":[{}]})", "messages[0].role is required"},
          {R"({"model":"m","think":"hgh"})", "got \"hgh\""},
          {R"({"model":"m","messages":[{"role":"user","content":5}]})", "messages[0].content"},
          {R"({"model":"m","messages":[{"role":"user","images":[""]}]})", "messages[0].images[0]"},
          {R"({"model":"m","messages":[{"role":"user","tool_calls":[{}]}]})",
           "messages[0].tool_calls[0].function is required"},
          {R"({"model":"m","messages":[{"role":"user","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}]})",
           "messages[0].tool_calls[0].function.arguments must be an object"},
          {R"({"model":"m","tools":{}})", "tools must be an array"},
          {R"({"model":"m","tools":[{"function":{}}]})", "tools[0].function.name is required"},
          {R"({"model":"m","stream":"yes"})", "stream must be a boolean"},
          {R"({"model":"m","truncate":1})", "truncate must be a boolean"},
          {R"({"model":"m","shift":"no"})", "shift must be a boolean"},
          {R"({"model":"m","logprobs":1})", "logprobs must be a boolean"},
          {R"({"model":"m","top_logprobs":21})", "top_logprobs"},
          {R"({"model":"m","top_logprobs":-1})", "top_logprobs"},
          {R"({"model":"m","top_logprobs":"1"})", "top_logprobs"},
          {R"({"model":"m","options":{"num_ctx":"1"}})", "option \"num_ctx\""},
          {deep, "nested"}}) {
    EXPECT_THAT(refusal_of([&body = body] { parse_chat(body); }), HasSubstr(words)) << body;
  }
}

TEST(GenerateWire, ReadsEveryField) {
  const auto task = parse_generate(R"({"model":"m","prompt":"p","suffix":"s","system":"y",
    "template":"{{ .Prompt }}","context":[1,2,3.0],"images":["aGk="],"format":{"type":"object"}})");
  EXPECT_EQ(task.prompt, "p");
  EXPECT_EQ(task.suffix, "s");
  EXPECT_EQ(task.system, "y");
  EXPECT_EQ(task.template_text, "{{ .Prompt }}");
  EXPECT_THAT(task.context, ElementsAre(1, 2, 3));
  EXPECT_THAT(task.images, ElementsAre("hi"));
  EXPECT_EQ(task.schema, R"({"type":"object"})");
  EXPECT_FALSE(task.raw);
}

TEST(GenerateWire, RawExcludesWhatAPromptIsMadeOf) {
  const char* refusal = "raw mode does not support template, system, or context";
  for (const char* field :
       {R"("system":"x")", R"("template":"{{ .Prompt }}")", R"("context":[1])"}) {
    const std::string body = R"({"model":"m","raw":true,)" + std::string(field) + "}";
    EXPECT_EQ(refusal_of([&] { parse_generate(body); }), refusal) << body;
  }
  EXPECT_TRUE(
      parse_generate(R"({"model":"m","raw":true,"system":"","template":"","context":[]})").raw);
}

TEST(GenerateWire, NamesTheFieldThatIsWrong) {
  for (const auto& [body, words] : std::vector<std::pair<std::string, std::string>>{
           {R"({"model":"m","prompt":[]})", "prompt must be a string"},
           {R"({"model":"m","suffix":1})", "suffix must be a string"},
           {R"({"model":"m","system":{}})", "system must be a string"},
           {R"({"model":"m","template":1})", "template must be a string"},
           {R"({"model":"m","raw":"true"})", "raw must be a boolean"},
           {R"({"model":"m","context":"1"})", "context must be an array"},
           {R"({"model":"m","context":[1,-1]})", "context[1]"},
           {R"({"model":"m","context":[9223372036854775808]})", "context[0]"},
           {R"({"model":"m","context":[null]})", "context[0]"},
           {R"({"model":"m","images":["%"]})", "images[0]"}}) {
    EXPECT_THAT(refusal_of([&body = body] { parse_generate(body); }), HasSubstr(words)) << body;
  }
}

TEST(OllamaWire, EveryIntegerBesideTheOptionsIsChecked) {
  const auto chat = [](const std::string& body) { parse_chat(body); };
  const auto generate = [](const std::string& body) { parse_generate(body); };
  test_support::expect_integers_are_checked(
      chat, R"({"model":"m","messages":[],"logprobs":true,"top_logprobs":@})", "top_logprobs");
  test_support::expect_integers_are_checked(
      generate, R"({"model":"m","prompt":"x","logprobs":true,"top_logprobs":@})", "top_logprobs");
  test_support::expect_integers_are_checked(generate, R"({"model":"m","context":[1,@]})",
                                            "context");
}

TEST(GenerateWire, WritesTheLinesOfTheContract) {
  const ReplyHead head{Shape::kGenerate, "m:latest"};
  EXPECT_EQ(write_reply(head, kNow, text_chunk("He"), nullptr),
            R"({"model":"m:latest","created_at":"2026-11-23T09:00:00.000000000Z","response":"He",)"
            R"("done":false})");
  const Summary summary = whole_summary();
  EXPECT_EQ(write_reply(head, kNow, {}, &summary),
            R"({"model":"m:latest","created_at":"2026-11-23T09:00:00.000000000Z","response":"",)"
            R"("done":true,"done_reason":"stop","context":[1,2,3],"total_duration":310000000,)"
            R"("load_duration":12000000,"prompt_eval_count":11,"prompt_eval_duration":90000000,)"
            R"("eval_count":2,"eval_duration":200000000})");
}

TEST(GenerateWire, ThinkingIsBesideTheResponse) {
  ReplyPiece chunk;
  chunk.thinking = "hm";
  EXPECT_EQ(write_reply({Shape::kGenerate, "m"}, kNow, chunk, nullptr),
            R"({"model":"m","created_at":"2026-11-23T09:00:00.000000000Z","response":"",)"
            R"("thinking":"hm","done":false})");
}

TEST(ChatWire, LeavesZeroMetricsOut) {
  Summary summary;
  summary.ending = Ending::kLoad;
  EXPECT_EQ(write_reply({Shape::kChat, "m"}, kNow, {}, &summary),
            R"({"model":"m","created_at":"2026-11-23T09:00:00.000000000Z",)"
            R"("message":{"role":"assistant","content":""},"done":true,"done_reason":"load"})");
}

TEST(ChatWire, WritesToolCallsWithTheirArgumentsAsAnObject) {
  ReplyPiece chunk;
  chunk.calls = {{"c1", "f", R"({"b":1,"a":"é"})"}, {"c2", "g", ""}};
  chunk.first_call = 3;
  EXPECT_EQ(write_reply({Shape::kChat, "m"}, kNow, chunk, nullptr),
            R"({"model":"m","created_at":"2026-11-23T09:00:00.000000000Z","message":)"
            R"({"role":"assistant","content":"","tool_calls":[)"
            R"({"id":"c1","function":{"index":3,"name":"f","arguments":{"b":1,"a":"é"}}},)"
            R"({"id":"c2","function":{"index":4,"name":"g","arguments":{}}}]},"done":false})");
}

TEST(ChatWire, ArgumentsThatAreNoJsonAreTheEnginesFault) {
  ReplyPiece chunk;
  chunk.calls = {{"c1", "f", R"({"a":)"}};
  try {
    write_reply({Shape::kChat, "m"}, kNow, chunk, nullptr);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
    EXPECT_THAT(error.what(), HasSubstr("'f'"));
  }
}

TEST(ChatWire, WritesLogprobsWithTheirBytes) {
  ReplyPiece chunk = text_chunk("hi");
  chunk.logprobs = {{"hi", -0.5, "hi", 7, {{"hi", -0.5, "hi", 7}, {"ho", -1, "ho", 8}}}};
  EXPECT_EQ(write_reply({Shape::kGenerate, "m"}, kNow, chunk, nullptr),
            R"({"model":"m","created_at":"2026-11-23T09:00:00.000000000Z","response":"hi",)"
            R"("done":false,"logprobs":[{"token":"hi","logprob":-0.5,"bytes":[104,105],)"
            R"("top_logprobs":[{"token":"hi","logprob":-0.5,"bytes":[104,105]},)"
            R"({"token":"ho","logprob":-1.0,"bytes":[104,111]}]}]})");
}

TEST(ChatWire, BytesThatAreNoTextDoNotBreakTheLine) {
  EXPECT_THAT(write_reply({Shape::kGenerate, "m"}, kNow, text_chunk("a\xFF\nb"), nullptr),
              HasSubstr("\"a\xEF\xBF\xBD\\nb\""));
}

}  // namespace
}  // namespace hailstone::chat
