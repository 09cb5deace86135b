// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "services/common/templates/thinking_parser.hpp"
#include "services/common/templates/tool_parser.hpp"

namespace hailstone::templates {
namespace {

using Start = ThinkingParser::Start;

/// thoughts|text, whatever the pieces.
std::string thoughts_of(const std::string& reply, std::size_t piece,
                        Start start = Start::kOutside) {
  ThinkingParser parser("<think>", "</think>", start);
  std::string thinking;
  std::string text;
  const auto take = [&](const Thought& thought) {
    thinking += thought.thinking;
    text += thought.text;
  };
  for (std::size_t at = 0; at < reply.size(); at += piece)
    take(parser.add(reply.substr(at, piece)));
  take(parser.finish());
  return thinking + "|" + text;
}

TEST(Thinking, IsToldFromTextHoweverItIsCut) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_EQ(thoughts_of("<think>\nhm, \n so\n</think>\n\nYes.", piece), "hm, \n so|Yes.");
    EXPECT_EQ(thoughts_of(" \n<think></think>Yes.", piece), "|Yes.");
    EXPECT_EQ(thoughts_of("Yes <think>no</think>", piece), "|Yes <think>no</think>");
    EXPECT_EQ(thoughts_of("<thin", piece), "|<thin");
    EXPECT_EQ(thoughts_of("<think>never ends </thi", piece), "never ends </thi|");
    EXPECT_EQ(thoughts_of("a < b </think>c", piece, Start::kInside), "a < b|c");
    EXPECT_EQ(thoughts_of("", piece), "|");
  }
}

const std::vector<inference::ToolSpec> kTools = {
    {"get", "", R"({"type":"object","properties":{"x":{}}})"},
    {"get_weather", "", R"({"type":"object","properties":{"city":{"type":"string"}}})"},
    {"now", "", R"({"type":"object","properties":{}})"}};

/// name(arguments);...|text
std::string calls_of(const std::string& tag, const std::string& reply, std::size_t piece) {
  ToolParser parser(tag, kTools);
  std::string calls;
  std::string text;
  const auto take = [&](const Called& called) {
    for (const auto& call : called.calls) calls += call.name + "(" + call.arguments + ");";
    text += called.text;
  };
  for (std::size_t at = 0; at < reply.size(); at += piece)
    take(parser.add(reply.substr(at, piece)));
  take(parser.finish());
  return calls + "|" + text;
}

TEST(ToolCalls, AreFoundBehindTheirTagHoweverTheyAreCut) {
  for (const std::size_t piece : {1U, 2U, 5U, 100U}) {
    EXPECT_EQ(calls_of("<tool_call>",
                       "Let me see.\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": "
                       "{\"zip\": 3000, \"city\": \"Be}rn\"}}\n</tool_call>",
                       piece),
              "get_weather({\"zip\":3000,\"city\":\"Be}rn\"});|Let me see.\n");
    EXPECT_EQ(calls_of("[TOOL_CALLS]",
                       "[TOOL_CALLS] [{\"name\": \"get\", \"arguments\": {\"x\": 1}}, {\"name\": "
                       "\"get_weather\", \"parameters\": {\"city\": \"A\"}}]",
                       piece),
              "get({\"x\":1});get_weather({\"city\":\"A\"});|");
    EXPECT_EQ(calls_of("<tool_call>", "<tool_call>now</tool_call>", piece), "now({});|");
    EXPECT_EQ(calls_of("<tool_call>", "<tool_call>{\"name\":\"now\"}</tool_call>", piece),
              "now({});|");
  }
}

TEST(ToolCalls, AreTheWholeReplyWhereBracesStandForThem) {
  for (const std::size_t piece : {1U, 3U, 100U}) {
    EXPECT_EQ(calls_of("{", "{\"name\":\"get\",\"parameters\":{\"x\":2}}", piece),
              "get({\"x\":2});|");
    EXPECT_EQ(calls_of("{", "\n {\"get_weather\": {\"city\": \"B\"}}", piece),
              "get_weather({\"city\":\"B\"});|\n ");
    EXPECT_EQ(calls_of("{", "Use {\"name\":\"get\"}", piece), "|Use {\"name\":\"get\"}");
    EXPECT_EQ(calls_of("{", "{\"answer\": 42} and more", piece), "|{\"answer\": 42} and more");
  }
}

TEST(ToolCalls, ThatNeverComeAreText) {
  EXPECT_EQ(calls_of("<tool_call>", "a <tool_call>{\"name\": \"other\"}", 3),
            "|a <tool_call>{\"name\": \"other\"}");
  EXPECT_EQ(calls_of("<tool_call>", "a <tool_ca", 2), "|a <tool_ca");
}

TEST(ToolCalls, TakeArgumentsThatAreWrittenAsText) {
  EXPECT_EQ(calls_of("{", R"({"name":"get","arguments":"{\"x\": 1}"})", 4), R"(get({"x":1});|)");
  EXPECT_EQ(calls_of("[", R"([{"function":{"name":"get","arguments":{"x":[1]}}}])", 4),
            R"(get({"x":[1]});|)");
}

}  // namespace
}  // namespace hailstone::templates
