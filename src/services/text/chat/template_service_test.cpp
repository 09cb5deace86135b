// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Models whose prompts are written by a template of the store. The fake engine repeats a prompt
// that it has not written itself, so that a reply shows what the model was told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "services/text/chat/routes.hpp"
#include "services/text/chat/service.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::chat {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;

const char* const kMessages =
    "{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ if .Thinking }}<think>{{ .Thinking }}"
    "</think>{{ end }}{{ if .ToolCalls }}<call>{{ range .ToolCalls }}{{ .Function.Name }}"
    "{{ .Function.Arguments }}{{ end }}{{ end }}</s>{{ end }}"
    "{{ if .Tools }}<tools>{{ .Tools }}</tools>{{ end }}<reply>";

class Templates : public testing::Test {
 protected:
  Templates() { add_chat_routes(daemon_.router, service_); }

  void add(const std::string& text, std::map<std::string, std::string> settings = {}) {
    daemon_.files.add({.settings = std::move(settings), .layers = {{"template", text}}});
  }
  Json ask(const char* path, const std::string& fields) {
    answer_ = daemon_.post(path, R"({"model":"echo","stream":false,)" + fields + "}");
    EXPECT_FALSE(answer_->error) << answer_->message();
    return answer_->error ? Json() : Json::parse(answer_->reply.body());
  }
  std::string said(const std::string& fields) {
    const Json reply = ask("/api/chat", fields);
    return reply.is_object() ? reply["message"]["content"].get<std::string>() : "";
  }

  test_support::FakeDaemon daemon_;
  ChatService service_{daemon_.models};
  std::unique_ptr<test_support::Answer> answer_;
};

constexpr const char* kTool =
    R"("tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":)"
    R"({"type":"object","properties":{"zip":{"type":"integer"},"city":{"type":"string"}}}}}])";

TEST_F(Templates, WriteWhatTheModelIsTold) {
  add("[INST] {{ if .System }}{{ .System }} {{ end }}{{ .Prompt }} [/INST]{{ .Response }}");
  EXPECT_EQ(said(R"("messages":[{"role":"system","content":"Be brief."},
                                {"role":"user","content":"Hi."},
                                {"role":"assistant","content":"Ho."},
                                {"role":"user","content":"Bye."}])"),
            "[INST] Be brief. Hi. [/INST]Ho.[INST] Bye. [/INST]");
  const Json reply = ask("/api/generate", R"("prompt":"Hi.","system":"S.")");
  EXPECT_EQ(reply["response"], "[INST] S. Hi. [/INST]");
  EXPECT_TRUE(reply.contains("context"));
}

TEST_F(Templates, CanBeAskedForWithoutAReply) {
  add(kMessages);
  const Json reply = ask("/api/chat", std::string(kTool) + R"(,"_debug_render_only":true,
    "messages":[{"role":"user","content":"x"}])");
  EXPECT_EQ(reply["_debug_info"]["rendered_template"],
            "<user>x</s><tools>[{\"type\":\"function\",\"function\":{\"name\":\"weather\","
            "\"description\":\"d\",\"parameters\":{\"type\":\"object\",\"properties\":{\"zip\":"
            "{\"type\":\"integer\"},\"city\":{\"type\":\"string\"}}}}}]</tools><reply>");
  EXPECT_FALSE(reply.contains("message"));
}

TEST_F(Templates, UnknownRolesAreWrittenAsTheyAre) {
  add(kMessages);
  const Json reply = ask("/api/chat", R"("_debug_render_only":true,"messages":[
    {"role":"Developer","content":"a"},{"role":"user","content":"b"}])");
  EXPECT_EQ(reply["_debug_info"]["rendered_template"], "<developer>a</s><user>b</s><reply>");
}

TEST_F(Templates, TellHowCallsOfToolsAreRead) {
  add(kMessages,
      {{"reply", R"(Well. <call>{"name":"weather","arguments":{"zip":3000,"city":"Bern"}})"}});
  const Json reply = ask("/api/chat", std::string(kTool) + R"(,
    "messages":[{"role":"user","content":"x"}])");
  EXPECT_EQ(trim(reply["message"]["content"].get<std::string>()), "Well.");
  const Json& call = reply["message"]["tool_calls"].at(0);
  EXPECT_EQ(call["function"].dump(),
            R"({"index":0,"name":"weather","arguments":{"zip":3000,"city":"Bern"}})");
  EXPECT_THAT(call["id"].get<std::string>(), testing::StartsWith("call_"));
}

TEST_F(Templates, TellWhatIsThought) {
  add(kMessages, {{"reply", "<think>hm hm</think> Yes."}});
  const char* const kAsk = R"("messages":[{"role":"user","content":"x"}])";
  Json reply = ask("/api/chat", kAsk);
  EXPECT_EQ(reply["message"]["thinking"], "hm hm");
  EXPECT_EQ(reply["message"]["content"], "Yes.");
  reply = ask("/api/chat", std::string(kAsk) + R"(,"think":false)");
  EXPECT_FALSE(reply["message"].contains("thinking"));
  reply = ask("/api/generate", R"("prompt":"x","think":true)");
  EXPECT_EQ(reply["thinking"], "hm hm");
  EXPECT_EQ(reply["response"], "Yes.");
}

TEST_F(Templates, TellWhereAReplyStops) {
  add(kMessages, {{"reply", "One. </s> Two."}});
  EXPECT_EQ(trim(said(R"("messages":[{"role":"user","content":"x"}])")), "One.");
  EXPECT_EQ(said(R"("messages":[{"role":"user","content":"x"}],"options":{"stop":["Two"]})"),
            "One. </s> ");
}

TEST_F(Templates, DecideWhatAModelCan) {
  add("{{ .Prompt }}", {{"capabilities", "completion,tools,thinking"}});
  const auto tools = daemon_.post("/api/chat", R"({"model":"echo",)" + std::string(kTool) + R"(,
    "messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(tools->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(tools->message(), HasSubstr("does not support tools"));
  const auto suffix =
      daemon_.post("/api/generate", R"({"model":"echo","prompt":"a","suffix":"b"})");
  EXPECT_THAT(suffix->message(), HasSubstr("does not support insert"));
}

TEST_F(Templates, WriteWhatIsFilledInInTheMiddle) {
  add("{{ if .Suffix }}<PRE>{{ .Prompt }}<SUF>{{ .Suffix }}<MID>{{ else }}{{ .Prompt }}{{ end }}");
  EXPECT_EQ(ask("/api/generate", R"("prompt":"a","suffix":"b")")["response"], "<PRE>a<SUF>b<MID>");
}

TEST_F(Templates, ThatCannotBeUsedAreTheServersFault) {
  add("a\n{{ if .Prompt }}");
  for (const auto& [path, fields] : std::initializer_list<std::pair<const char*, const char*>>{
           {"/api/chat", R"({"model":"echo","messages":[{"role":"user","content":"x"}]})"},
           {"/api/generate", R"({"model":"echo","prompt":"x"})"}}) {
    const auto answer = daemon_.post(path, fields);
    EXPECT_EQ(answer->code(), ErrorCode::kEngineFailed);
    EXPECT_EQ(answer->message(),
              "the template of model 'echo:latest' cannot be used: "
              "template: line 2: {{if}} has no {{end}}");
  }
}

TEST_F(Templates, OfTheRequestAreTheClientsFault) {
  add(kMessages);
  const auto answer =
      daemon_.post("/api/generate", R"({"model":"echo","prompt":"x","template":"{{ nope }}"})");
  EXPECT_EQ(answer->code(), ErrorCode::kBadRequest);
  EXPECT_EQ(answer->message(), "template: line 1: function \"nope\" not defined");
}

TEST_F(Templates, OneMessageThatIsTooLongLosesItsBeginning) {
  add("<s>{{ .Prompt }} [/INST]", {{"context_length", "40"}});
  std::string text;
  for (int i = 0; i < 100; ++i) text += "w" + std::to_string(i) + " ";
  const Json reply =
      ask("/api/chat", R"("messages":[{"role":"user","content":")" + text + R"(end"}])");
  const auto said = reply["message"]["content"].get<std::string>();
  EXPECT_THAT(said, HasSubstr("w99 end"));
  EXPECT_THAT(said, testing::Not(HasSubstr("w50 ")));
  EXPECT_GT(reply["truncated"]["tokens"], 60);
  EXPECT_THAT(answer_->reply.header("X-Hailstone-Truncated"), HasSubstr(" tokens"));
  const auto strict = daemon_.post("/api/chat", R"({"model":"echo","truncate":false,"messages":[)"
                                                R"({"role":"user","content":")" +
                                                    text + R"("}]})");
  EXPECT_EQ(strict->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(strict->message(), HasSubstr("the input length exceeds the context length (10"));
}

}  // namespace
}  // namespace hailstone::chat
