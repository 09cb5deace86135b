// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/text/anthropic/wire_reply.hpp"
#include "services/text/anthropic/wire_request.hpp"
#include "support/field_abuse.hpp"

namespace hailstone::anthropic {
namespace {

using inference::Part;
using inference::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using Mode = inference::ToolChoice::Mode;

TEST(AnthropicRequest, ResultsOfToolsAreMessagesOfTheirOwn) {
  const auto task = parse_messages(R"({"model":"m","max_tokens":9,"stop_sequences":["S"],
    "system":[{"type":"text","text":"rules","cache_control":{"type":"ephemeral"}}],
    "thinking":{"type":"enabled","budget_tokens":100},
    "messages":[
      {"role":"user","content":[
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}},
        {"type":"text","text":"look"}]},
      {"role":"assistant","content":[
        {"type":"thinking","thinking":"hm","signature":""},
        {"type":"tool_use","id":"t1","name":"f","input":{"b":1,"a":2}}]},
      {"role":"user","content":[
        {"type":"tool_result","tool_use_id":"t1","is_error":true,"content":"broke"},
        {"type":"text","text":"and now?"}]}],
    "tools":[{"name":"f","input_schema":{"type":"object"}}],
    "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true}})");
  EXPECT_EQ(task.options.num_predict, 9);
  EXPECT_THAT(*task.options.stop, ElementsAre("S"));
  EXPECT_EQ(task.thinking, inference::Thinking::kOn);
  EXPECT_EQ(task.thinking_tokens, 100);
  EXPECT_EQ(task.tool_choice, (inference::ToolChoice{Mode::kNamed, "f"}));
  EXPECT_FALSE(task.parallel_tool_calls);
  ASSERT_EQ(task.messages.size(), 5U);
  EXPECT_EQ(inference::text_of(task.messages[0]), "rules");
  EXPECT_THAT(task.messages[1].parts,
              ElementsAre(Part{Part::Kind::kImage, "hi"}, Part{Part::Kind::kText, "look"}));
  EXPECT_EQ(task.messages[2].thinking, "hm");
  EXPECT_EQ(task.messages[2].tool_calls.at(0).arguments, R"({"b":1,"a":2})");
  EXPECT_EQ(task.messages[3].role, Role::kTool);
  EXPECT_EQ(inference::text_of(task.messages[3]), "Error: broke");
  EXPECT_EQ(task.messages[3].tool_name, "f");
  EXPECT_EQ(inference::text_of(task.messages[4]), "and now?");
}

TEST(AnthropicRequest, TheSystemMaySpeakBetweenTheTurns) {
  const auto task = parse_messages(R"({"model":"m","max_tokens":9,"messages":[
      {"role":"user","content":"a"},{"role":"system","content":[{"type":"text","text":"note"}]}]})");
  ASSERT_EQ(task.messages.size(), 2U);
  EXPECT_EQ(task.messages[1].role, Role::kSystem);
  EXPECT_EQ(inference::text_of(task.messages[1]), "note");
  EXPECT_THROW(parse_messages(R"({"model":"m","max_tokens":9,"messages":[
      {"role":"tool","content":"a"}]})"),
               Error);
}

TEST(AnthropicRequest, EveryIntegerIsChecked) {
  const auto parse = [](const std::string& body) { parse_messages(body); };
  const std::string begin = R"({"model":"m","messages":[{"role":"user","content":"x"}],)";
  test_support::expect_integers_are_checked(parse, begin + R"("max_tokens":@})", "max_tokens");
  test_support::expect_integers_are_checked(parse, begin + R"("max_tokens":1,"top_k":@})", "top_k");
  test_support::expect_integers_are_checked(
      parse, begin + R"("max_tokens":1,"thinking":{"type":"enabled","budget_tokens":@}})",
      "budget_tokens");
}

TEST(AnthropicReply, TellsWhyItStopped) {
  chat::Summary summary;
  summary.prompt_tokens = 10;
  summary.cached_prompt_tokens = 4;
  summary.stop_text = "END";
  EXPECT_THAT(write_message_delta(summary, Calls::kNone),
              HasSubstr(R"({"stop_reason":"stop_sequence","stop_sequence":"END"})"));
  EXPECT_THAT(write_message_delta(summary, Calls::kSome), HasSubstr("\"tool_use\""));
  EXPECT_THAT(write_message_delta(summary, Calls::kNone),
              HasSubstr(R"("input_tokens":6,"cache_creation_input_tokens":0,)"
                        R"("cache_read_input_tokens":4)"));
}

}  // namespace
}  // namespace hailstone::anthropic
