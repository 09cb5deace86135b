// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/prompt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engines/hailo/text/wire_prompt.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::ChatPrompt;
using inference::make_message;
using inference::Role;
using inference::Thinking;
using testing::HasSubstr;

constexpr const char* kQwen =
    "{{- '<|im_start|>system\\nYou are a helper.<|im_end|>\\n' }}{{- '<|im_start|>' + role }}";

PromptStyle qwen() {
  return read_style(kQwen);
}

ChatPrompt two_turns() {
  ChatPrompt prompt;
  prompt.messages = {make_message(Role::kSystem, "Be brief."), make_message(Role::kUser, "Hi"),
                     make_message(Role::kAssistant, "Hello!"), make_message(Role::kUser, "Why?")};
  return prompt;
}

inference::ToolSpec weather() {
  return {"weather", "Tells it", R"({"type":"object","properties":{"city":{"type":"string"}}})"};
}

TEST(HailoPrompt, KnowsTheFormsByTheirMarks) {
  EXPECT_EQ(qwen().form, PromptForm::kChatMl);
  EXPECT_EQ(qwen().default_system, "You are a helper.");
  EXPECT_EQ(read_style("<|start_header_id|>").form, PromptForm::kLlama3);
  EXPECT_EQ(read_style("{{ '<｜Assistant｜>' }}").form, PromptForm::kDeepSeek);
  EXPECT_EQ(read_style("[INST]").form, PromptForm::kForeign);
  EXPECT_TRUE(read_style("<|im_start|> {% if '</think>' in content %}").thinks);
}

TEST(HailoPrompt, WritesConversationsInTheModelsForm) {
  EXPECT_EQ(write_prompt(qwen(), two_turns(), Thinking::kModelDefault).text,
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
            "<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n"
            "<|im_start|>assistant\n");
  PromptStyle llama;
  llama.form = PromptForm::kLlama3;
  EXPECT_EQ(write_prompt(llama, two_turns(), Thinking::kModelDefault).text,
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n");
}

TEST(HailoPrompt, ANextTurnBeginsWithTheOneBefore) {
  ChatPrompt first = two_turns();
  first.messages.resize(2);
  const std::string before =
      write_prompt(qwen(), first, Thinking::kModelDefault).text + "Hello!<|im_end|>";
  EXPECT_TRUE(write_prompt(qwen(), two_turns(), Thinking::kModelDefault).text.starts_with(before));
}

TEST(HailoPrompt, NamesToolsAndTheirResults) {
  ChatPrompt prompt = two_turns();
  prompt.tools = {weather()};
  auto calling = make_message(Role::kAssistant, "");
  calling.tool_calls = {{"1", "weather", R"({"city":"Ulm"})"}};
  prompt.messages.push_back(calling);
  prompt.messages.push_back(make_message(Role::kTool, "rain"));
  const auto written = write_prompt(qwen(), prompt, Thinking::kModelDefault);
  EXPECT_THAT(written.text, HasSubstr("Be brief.\n\n# Tools"));
  EXPECT_THAT(written.text, HasSubstr("<tools>\n{\"type\":\"function\""));
  EXPECT_THAT(written.text,
              HasSubstr("<tool_call>\n{\"name\":\"weather\",\"arguments\":{\"city\":\"Ulm\"}}\n"));
  EXPECT_THAT(written.text, HasSubstr("<tool_response>\nrain\n</tool_response>"));
}

TEST(HailoPrompt, ANamedToolBeginsTheReply) {
  ChatPrompt prompt = two_turns();
  prompt.tools = {weather(), {"other", "", "{}"}};
  prompt.tool_choice = {inference::ToolChoice::Mode::kNamed, "weather"};
  const auto written = write_prompt(qwen(), prompt, Thinking::kModelDefault);
  EXPECT_EQ(written.begun, "<tool_call>\n{\"name\": \"weather\", \"arguments\": ");
  EXPECT_TRUE(written.text.ends_with(written.begun));
  EXPECT_EQ(written.text.find("other"), std::string::npos);
  prompt.tool_choice.name = "none of them";
  EXPECT_THROW(write_prompt(qwen(), prompt, Thinking::kModelDefault), Error);
  prompt.tool_choice = {inference::ToolChoice::Mode::kNone, ""};
  EXPECT_EQ(write_prompt(qwen(), prompt, Thinking::kModelDefault).text.find("# Tools"),
            std::string::npos);
}

TEST(HailoPrompt, ThoughtsAreTurnedOffAndNotRepeated) {
  PromptStyle style = qwen();
  style.thinks = true;
  ChatPrompt prompt = two_turns();
  prompt.messages[2] = make_message(Role::kAssistant, "<think>hm</think>\n\nHello!");
  EXPECT_THAT(write_prompt(style, prompt, Thinking::kOff).text,
              testing::EndsWith("assistant\n<think>\n\n</think>\n\n"));
  EXPECT_EQ(write_prompt(style, prompt, Thinking::kOn).text.find("hm"), std::string::npos);
  style.form = PromptForm::kDeepSeek;
  EXPECT_EQ(write_prompt(style, prompt, Thinking::kOn).begun, "<think>\n");
}

TEST(HailoPrompt, PicturesAreNothingForThem) {
  ChatPrompt prompt = two_turns();
  add_image(prompt.messages.back(), "png");
  EXPECT_THROW(write_prompt(qwen(), prompt, Thinking::kModelDefault), Error);
}

TEST(HailoPrompt, WritesMessagesForHailoRt) {
  auto message = make_message(Role::kUser, "What is \"this\"?");
  add_image(message, "png");
  EXPECT_THAT(write_messages({make_message(Role::kSystem, "s"), message}),
              testing::ElementsAre(R"({"role":"system","content":"s"})",
                                   R"({"role":"user","content":[{"type":"text","text":)"
                                   R"("What is \"this\"?"},{"type":"image"}]})"));
}

TEST(HailoPrompt, ReadsCallsAsModelsWriteThem) {
  EXPECT_EQ(parse_call(R"({"name":"f","arguments":{"a":1}})")->arguments, R"({"a":1})");
  EXPECT_EQ(parse_call(R"({"name":"f","parameters":{}})")->arguments, "{}");
  EXPECT_EQ(parse_call(R"({"name":"f","arguments":"{\"a\":1}"})")->arguments, R"({"a":1})");
  EXPECT_EQ(parse_call(R"({"name":"f"})")->arguments, "{}");
  EXPECT_EQ(parse_call(R"({"name":1})"), std::nullopt);
  EXPECT_EQ(parse_call(R"({"name":"f","arguments":[1]})"), std::nullopt);
  EXPECT_EQ(parse_call("no JSON"), std::nullopt);
}

}  // namespace
}  // namespace hailstone::engines::hailo
