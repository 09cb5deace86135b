// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Templates of well known families, each with what Go makes of some conversations:
// testdata/families.txt.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/error.hpp"
#include "services/common/templates/chat_template.hpp"

namespace hailstone::templates {
namespace {

using inference::ChatPrompt;
using inference::Message;
using inference::Role;
using inference::Thinking;
using testing::ElementsAre;

struct Family {
  std::string name;
  std::string text;
  std::vector<std::pair<std::string, std::string>> results;  ///< by the kind of conversation
};

std::vector<Family> read_families() {
  std::ifstream in(std::filesystem::path(HAILSTONE_ROOM_DIR) / "testdata/families.txt");
  std::vector<Family> families;
  std::string* part = nullptr;
  bool first = true;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("@@@ = ")) {
      families.back().results.emplace_back(line.substr(6), "");
      part = &families.back().results.back().second;
    } else if (line.starts_with("@@@ ")) {
      families.push_back({line.substr(4), "", {}});
      part = &families.back().text;
    } else {
      if (!first) *part += '\n';
      *part += line;
      first = false;
      continue;
    }
    first = true;
  }
  return families;
}

const Family& family(const std::string& name) {
  static const auto kFamilies = read_families();
  for (const auto& one : kFamilies) {
    if (one.name == name) return one;
  }
  throw std::runtime_error("no family " + name);
}

Message message(Role role, std::string content) {
  return inference::make_message(role, std::move(content));
}

std::vector<Message> tool_round() {
  std::vector<Message> out{message(Role::kUser, "Rain?"), message(Role::kAssistant, ""),
                           message(Role::kTool, "sun")};
  out[1].thinking = "I look.";
  out[1].tool_calls = {{"c1", "weather", R"({"city":"Bern"})"}};
  out[2].tool_name = "weather";
  return out;
}

const std::vector<inference::ToolSpec> kTools = {
    {"weather", "Tells <it>",
     R"({"type":"object","properties":{"city":{"type":"string","description":"which"}},)"
     R"("required":["city"]})"}};

struct Conversation {
  ChatPrompt prompt;
  Thinking thinking = Thinking::kModelDefault;
};

Conversation conversation(const std::string& kind) {
  if (kind == "chat") {
    return {{{message(Role::kSystem, "Be brief."), message(Role::kUser, "Hi."),
              message(Role::kAssistant, "Hello."), message(Role::kUser, "Who"),
              message(Role::kUser, "are you?")},
             {}}};
  }
  if (kind == "prefill") {
    return {{{message(Role::kUser, "Say A."), message(Role::kAssistant, "A")}, {}}};
  }
  if (kind == "tools") return {{tool_round(), kTools}};
  if (kind == "think") return {{tool_round(), {}}, Thinking::kOn};
  const Thinking thinking = kind == "no think" ? Thinking::kOff : Thinking::kModelDefault;
  const bool offers = kind == "offer";
  return {{{message(Role::kUser, "Hello!")}, offers ? kTools : std::vector<inference::ToolSpec>{}},
          thinking};
}

TEST(Families, AreWrittenAsGoWritesThem) {
  const auto families = read_families();
  EXPECT_GE(families.size(), 20U);
  for (const auto& one : families) {
    const ChatTemplate made(one.text);
    for (const auto& [kind, expected] : one.results) {
      const auto [prompt, thinking] = conversation(kind);
      EXPECT_EQ(made.render(prompt, thinking), expected) << one.name << ", " << kind;
    }
  }
}

TEST(Families, TellWhatTheirModelsCan) {
  struct Expected {
    const char* family;
    bool tools;
    bool infill;
    bool thinks;
    const char* tag;
  };
  for (const Expected& expected : std::initializer_list<Expected>{
           {"none", false, false, false, "{"},
           {"mistral with tools", true, false, false, "[TOOL_CALLS] ["},
           {"llama3.1 with tools", true, false, false, "{"},
           {"qwen2.5 with tools and infill", true, true, false, "<tool_call>"},
           {"qwen3 that thinks", true, false, true, "<tool_call>"},
           {"deepseek-r1", false, false, true, "{"},
           {"gemma3", false, false, false, "{"},
           {"granite", true, false, false, "{"},
           {"codellama", false, true, false, "{"}}) {
    const ChatTemplate made(family(expected.family).text);
    EXPECT_EQ(made.has_tools(), expected.tools) << expected.family;
    EXPECT_EQ(made.has_infill(), expected.infill) << expected.family;
    EXPECT_EQ(made.thinks(), expected.thinks) << expected.family;
    EXPECT_EQ(made.facts().tool_tag, expected.tag) << expected.family;
  }
  EXPECT_EQ(ChatTemplate(family("qwen3 that thinks").text).facts().thinking_open, "<think>");
  EXPECT_EQ(ChatTemplate(family("deepseek-r1").text).facts().thinking_close, "</think>");
}

TEST(Families, TellWhereRepliesStop) {
  const auto stops = [](const char* name) { return ChatTemplate(family(name).text).facts().stops; };
  EXPECT_THAT(stops("chatml"), ElementsAre("<|im_end|>"));
  EXPECT_THAT(stops("llama2"), ElementsAre("</s>"));
  EXPECT_THAT(stops("gemma"), ElementsAre("<end_of_turn>"));
  EXPECT_THAT(stops("qwen2.5 with tools and infill"), ElementsAre("<|im_end|>"));
  EXPECT_THAT(stops("orca-mini"), ElementsAre());
  EXPECT_THAT(stops("none"), ElementsAre());
}

TEST(Families, FillInTheMiddle) {
  const auto infill = [](const char* name) {
    return ChatTemplate(family(name).text)
        .render_infill({"int a", "return a;"}, Thinking::kModelDefault);
  };
  EXPECT_EQ(infill("codellama"), "<PRE> int a <SUF>return a; <MID>");
  EXPECT_EQ(infill("qwen2.5 with tools and infill"),
            "<|fim_prefix|>int a<|fim_suffix|>return a;<|fim_middle|>");
}

TEST(Pictures, StandWhereTheTextSaysOrBeforeIt) {
  ChatPrompt prompt;
  prompt.messages = {message(Role::kUser, "a [img] b")};
  inference::add_image(prompt.messages[0], "1");
  inference::add_image(prompt.messages[0], "2");
  const ChatTemplate bare(kDefaultTemplate);
  EXPECT_EQ(bare.render(prompt, Thinking::kModelDefault, "<P>"), "<P>a <P> b");
  prompt.messages = {message(Role::kUser, "first")};
  inference::add_image(prompt.messages[0], "1");
  inference::add_text(prompt.messages[0], "second");
  EXPECT_EQ(bare.render(prompt, Thinking::kModelDefault, "<P>"), "first<P>second");
}

TEST(Properties, KeepTheClientsOrder) {
  const ChatTemplate made(
      "{{ range .Messages }}{{ end }}{{ .Tools }}{{ json .Tools }}"
      "{{ range .Tools }}{{ .Function.Parameters.Required }}"
      "{{ range $k, $v := .Function.Parameters.Properties }}"
      "{{ $k }}:{{ $v.Type }}:{{ $v.Description }}:{{ toTypeScriptType $v }};"
      "{{ end }}{{ end }}");
  ChatPrompt prompt;
  prompt.messages = {message(Role::kUser, "x")};
  prompt.tools = {{"f", "",
                   R"({"properties":{"z":{"type":"integer","minimum":1},)"
                   R"("a":{"type":["string","null"],"description":"d"}},)"
                   R"("required":["z","a"],"type":"object"})"}};
  const std::string json =
      R"([{"type":"function","function":{"name":"f","parameters":{"properties":)"
      R"({"z":{"type":"integer","minimum":1},"a":{"type":["string","null"],"description":"d"}},)"
      R"("required":["z","a"],"type":"object"}}}])";
  EXPECT_EQ(made.render(prompt, Thinking::kModelDefault),
            json + json + "[z a]a:[string null]:d:string | null;z:integer::number;");
}

TEST(Preference, TheModelsOwnTemplateWinsOnlyWhereItCanMore) {
  using inference::Capability;
  inference::ModelFacts facts;
  facts.capabilities = {Capability::kCompletion, Capability::kTools};
  const ChatTemplate plain(family("chatml").text);
  const ChatTemplate tools(family("qwen2.5 with tools and infill").text);
  EXPECT_FALSE(prefers_own_template(facts, plain)) << "there is none";
  facts.chat_template = "{{ tools }} tool_calls tool_response";
  EXPECT_TRUE(prefers_own_template(facts, plain)) << "tools";
  EXPECT_FALSE(prefers_own_template(facts, tools)) << "both can";
  facts.chat_template = "{{ tools }}";
  const ChatTemplate offers("{{ range .Messages }}{{ .Content }}{{ end }}{{ .Tools }}");
  EXPECT_FALSE(prefers_own_template(facts, offers)) << "neither knows results";
  facts.capabilities = {Capability::kCompletion};
  EXPECT_FALSE(prefers_own_template(facts, plain));
}

TEST(Capabilities, AreThoseOfTheTemplate) {
  using inference::Capability;
  inference::ModelFacts facts;
  facts.capabilities = {Capability::kCompletion, Capability::kTools, Capability::kVision};
  EXPECT_THAT(ChatTemplate(kDefaultTemplate).apply_to(facts).capabilities,
              ElementsAre(Capability::kCompletion, Capability::kVision));
  EXPECT_THAT(ChatTemplate(family("qwen3 that thinks").text).apply_to(facts).capabilities,
              ElementsAre(Capability::kCompletion, Capability::kTools, Capability::kVision,
                          Capability::kThinking));
  EXPECT_THAT(ChatTemplate("{{ .Prompt }}{{ .Suffix }}").apply_to(facts).capabilities,
              ElementsAre(Capability::kCompletion, Capability::kInsert, Capability::kVision));
  facts.capabilities = {Capability::kEmbedding};
  EXPECT_THAT(ChatTemplate("{{ .Tools }}").apply_to(facts).capabilities,
              ElementsAre(Capability::kEmbedding));
}

}  // namespace
}  // namespace hailstone::templates
