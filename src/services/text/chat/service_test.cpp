// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stop_token>
#include <thread>

#include "base/strings.hpp"
#include "services/text/chat/routes.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::chat {
namespace {

using Json = nlohmann::json;
using test_support::Answer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// The routes of the room on a daemon with the fake engine.
class Chat : public testing::Test {
 protected:
  Chat() { add_chat_routes(daemon_.router, service_); }

  std::unique_ptr<Answer> chat(const std::string& fields) {
    return daemon_.post("/api/chat", R"({"model":"echo",)" + fields + "}");
  }
  std::unique_ptr<Answer> generate(const std::string& fields) {
    return daemon_.post("/api/generate", R"({"model":"echo",)" + fields + "}");
  }

  static Json whole(const std::unique_ptr<Answer>& answer) {
    EXPECT_FALSE(answer->error) << answer->message();
    EXPECT_FALSE(answer->reply.is_stream());
    EXPECT_EQ(answer->reply.content_type(), "application/json; charset=utf-8");
    return Json::parse(answer->reply.body());
  }
  static std::vector<Json> lines(const std::unique_ptr<Answer>& answer) {
    EXPECT_TRUE(answer->reply.is_stream());
    EXPECT_EQ(answer->reply.content_type(), "application/x-ndjson");
    std::vector<Json> out;
    for (const auto& line : split(answer->reply.body(), '\n')) {
      if (!line.empty()) out.push_back(Json::parse(line));
    }
    return out;
  }
  std::vector<std::string> loaded() const {
    std::vector<std::string> out;
    for (const auto& resident : daemon_.runtime.residents()) out.push_back(resident.name);
    return out;
  }

  test_support::FakeDaemon daemon_;
  ChatService service_{daemon_.models};
};

const char* const kHello = R"("messages":[{"role":"user","content":"one two three"}])";

TEST_F(Chat, StreamsOneObjectALineAndEndsWithCounts) {
  daemon_.files.add({});
  const auto answer = chat(kHello);
  const auto all = lines(answer);
  ASSERT_THAT(all, SizeIs(4));
  std::string text;
  for (const auto& line : all) text += line["message"]["content"].get<std::string>();
  EXPECT_EQ(trim(text), "one two three");
  EXPECT_EQ(all[0]["model"], "echo");
  EXPECT_EQ(all[0]["message"]["role"], "assistant");
  EXPECT_EQ(all[2]["done"], false);
  EXPECT_EQ(all[3]["done"], true);
  EXPECT_EQ(all[3]["done_reason"], "stop");
  EXPECT_EQ(all[3]["eval_count"], 3);
  EXPECT_GT(all[3]["prompt_eval_count"], 0);
  EXPECT_GE(all[3]["total_duration"], all[3]["load_duration"]);
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "fake");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Truncated"), "");
}

TEST_F(Chat, WholeReplyIsOneObject) {
  daemon_.files.add({});
  const auto answer = chat(std::string(kHello) + R"(,"stream":false)");
  const Json reply = whole(answer);
  EXPECT_EQ(trim(reply["message"]["content"].get<std::string>()), "one two three");
  EXPECT_EQ(reply["done"], true);
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "fake");
}

TEST_F(Chat, NothingToSayLoadsAndUnloads) {
  daemon_.files.add({});
  for (const char* fields : {R"("stream":true)", R"("messages":[],"stream":false)"}) {
    const Json reply = whole(chat(fields));
    EXPECT_EQ(reply["done_reason"], "load");
    EXPECT_EQ(reply["message"], Json::parse(R"({"role":"assistant","content":""})"));
    EXPECT_FALSE(reply.contains("total_duration"));
    EXPECT_THAT(loaded(), ElementsAre("echo:latest"));
  }
  EXPECT_EQ(whole(chat(R"("keep_alive":0)"))["done_reason"], "unload");
  EXPECT_TRUE(loaded().empty());
  EXPECT_EQ(whole(generate(R"("prompt":"")"))["response"], "");
  EXPECT_THAT(loaded(), ElementsAre("echo:latest"));
  EXPECT_EQ(whole(generate(R"("keep_alive":"0s")"))["done_reason"], "unload");
  EXPECT_TRUE(loaded().empty());
}

TEST_F(Chat, AnUnknownModelIsNotFoundBeforeTheFirstByte) {
  for (const char* path : {"/api/chat", "/api/generate"}) {
    const auto answer = daemon_.post(path, R"({"model":"nope","prompt":"x"})");
    EXPECT_EQ(answer->code(), ErrorCode::kNotFound);
    EXPECT_EQ(answer->message(), "model 'nope' not found");
    EXPECT_FALSE(answer->reply.started());
  }
}

TEST_F(Chat, WhatAModelCannotDoIsRefusedByName) {
  daemon_.files.add({.settings = {{"capabilities", "completion"}}});
  const std::string tool = R"("tools":[{"type":"function","function":{"name":"f"}}])";
  const std::string hello = kHello;
  EXPECT_EQ(chat(hello + "," + tool)->message(), "\"echo\" does not support tools");
  EXPECT_EQ(chat(hello + R"(,"think":true)")->message(), "\"echo\" does not support thinking");
  EXPECT_EQ(chat(hello + R"(,"think":"low")")->code(), ErrorCode::kBadRequest);
  EXPECT_EQ(chat(R"("messages":[{"role":"user","images":["aGk="]}])")->message(),
            "\"echo\" does not support vision");
  EXPECT_EQ(generate(R"("prompt":"a","suffix":"b")")->message(),
            "\"echo\" does not support insert");
  EXPECT_FALSE(chat(hello + R"(,"think":false)")->error);
  EXPECT_TRUE(loaded().size() == 1) << "only the last one had to load it";

  daemon_.files.add({.settings = {{"capabilities", "embedding"}}});
  EXPECT_EQ(chat(hello)->message(), "\"echo\" does not support chat");
  EXPECT_EQ(generate(R"("prompt":"a")")->message(), "\"echo\" does not support generate");
}

TEST_F(Chat, ToolCallsComeWholeInAnObjectWithoutContent) {
  daemon_.files.add({});
  const std::string fields =
      R"("tools":[{"type":"function","function":{"name":"weather"}}],)"
      R"("messages":[{"role":"user","content":"call:weather {\"city\":\"Bern\"}"}])";
  const auto all = lines(chat(fields));
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0]["message"]["content"], "");
  const Json& call = all[0]["message"]["tool_calls"].at(0);
  EXPECT_EQ(call["function"]["name"], "weather");
  EXPECT_EQ(call["function"]["index"], 0);
  EXPECT_EQ(call["function"]["arguments"]["city"], "Bern");
  EXPECT_EQ(all[1]["done"], true);
  const Json reply = whole(chat(fields + R"(,"stream":false)"));
  EXPECT_THAT(reply["message"]["tool_calls"], SizeIs(1));
}

TEST_F(Chat, ThinkingIsApartFromTheReply) {
  daemon_.files.add({.settings = {{"capabilities", "completion,thinking"}, {"thinking", "hm hm"}}});
  const Json reply = whole(chat(std::string(kHello) + R"(,"stream":false)"));
  EXPECT_EQ(reply["message"]["thinking"], "hm hm");
  const Json quiet = whole(chat(std::string(kHello) + R"(,"stream":false,"think":false)"));
  EXPECT_FALSE(quiet["message"].contains("thinking"));
  const Json generated = whole(generate(R"("prompt":"x","stream":false)"));
  EXPECT_EQ(generated["thinking"], "hm hm");
}

TEST_F(Chat, TheRequestsStopTextsReplaceTheManifests) {
  daemon_.files.add(
      {.settings = {{"reply", "a END b STOP c"}}, .layers = {{"params", R"({"stop":["END"]})"}}});
  const std::string hello = std::string(kHello) + R"(,"stream":false)";
  EXPECT_EQ(trim(whole(chat(hello))["message"]["content"].get<std::string>()), "a");
  const Json other = whole(chat(hello + R"(,"options":{"stop":["STOP"]})"));
  EXPECT_EQ(trim(other["message"]["content"].get<std::string>()), "a END b");
}

TEST_F(Chat, ALimitEndsTheReplyWithLength) {
  daemon_.files.add({});
  const Json reply =
      whole(chat(std::string(kHello) + R"(,"stream":false,"options":{"num_predict":2})"));
  EXPECT_EQ(reply["done_reason"], "length");
  EXPECT_EQ(reply["eval_count"], 2);
}

TEST_F(Chat, LogprobsComeWithTheirTokens) {
  daemon_.files.add({});
  const Json reply =
      whole(chat(std::string(kHello) + R"(,"stream":false,"logprobs":true,"top_logprobs":2)"));
  ASSERT_THAT(reply["logprobs"], SizeIs(3));
  EXPECT_THAT(reply["logprobs"][0]["top_logprobs"], SizeIs(2));
}

TEST_F(Chat, OldMessagesGoWhenTheContextIsFullAndTheHeaderSaysSo) {
  daemon_.files.add({.settings = {{"context_length", "40"}}});
  Json messages = Json::array({{{"role", "system"}, {"content", "rules"}}});
  for (int i = 0; i < 20; ++i) {
    messages.push_back({{"role", i % 2 == 0 ? "user" : "assistant"}, {"content", "one two three"}});
  }
  messages.push_back({{"role", "user"}, {"content", "the end"}});
  const std::string fields = "\"messages\":" + messages.dump();
  const auto answer = chat(fields);
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_THAT(answer->reply.header("X-Hailstone-Truncated"), testing::EndsWith(" messages"));
  EXPECT_GT(std::stoi(answer->reply.header("X-Hailstone-Truncated")), 10);

  const auto strict = chat(fields + R"(,"truncate":false)");
  EXPECT_EQ(strict->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(strict->message(), HasSubstr("the input length exceeds the context length"));
  EXPECT_FALSE(strict->reply.started());
}

TEST_F(Chat, ALonePromptIsCutInTheMiddle) {
  daemon_.files.add({.settings = {{"context_length", "40"}}});
  std::string prompt = "begin";
  for (int i = 0; i < 100; ++i) prompt += " w" + std::to_string(i);
  const auto answer = generate("\"prompt\":\"" + prompt + "\",\"raw\":true,\"stream\":false");
  const Json reply = whole(answer);
  EXPECT_THAT(answer->reply.header("X-Hailstone-Truncated"), testing::EndsWith(" tokens"));
  EXPECT_THAT(reply["response"].get<std::string>(), HasSubstr("begin w0 w1 w2 w"));
  EXPECT_THAT(reply["response"].get<std::string>(), HasSubstr("w99"));
  EXPECT_EQ(generate("\"prompt\":\"" + prompt + "\",\"raw\":true,\"truncate\":false")->code(),
            ErrorCode::kBadRequest);
}

TEST_F(Chat, AGeneratedReplyIsStreamedLikeAConversation) {
  daemon_.files.add({});
  std::string text;
  for (const auto& line : lines(generate(R"("prompt":"x y")"))) {
    text += line["response"].get<std::string>();
  }
  EXPECT_EQ(trim(text), "x y");
}

TEST_F(Chat, AContextGoesOnWhereTheLastReplyEnded) {
  daemon_.files.add({.settings = {{"reply", "fine thanks"}}});
  const Json first = whole(generate(R"("prompt":"how are you","stream":false)"));
  ASSERT_GT(first["context"].size(), 2U);
  const Json second =
      whole(generate(R"("prompt":"and now","stream":false,"context":)" + first["context"].dump()));
  ASSERT_GT(second["context"].size(), first["context"].size());
  for (std::size_t i = 0; i < first["context"].size(); ++i) {
    EXPECT_EQ(first["context"][i], second["context"][i]) << i;
  }
  EXPECT_FALSE(whole(generate(R"("prompt":"x","raw":true,"stream":false)")).contains("context"));
}

TEST_F(Chat, ARawPromptReachesTheModelAsItIs) {
  daemon_.files.add({.layers = {{"system", "be kind"}}});
  const Json reply = whole(generate(R"("prompt":"<s>go","raw":true,"stream":false)"));
  EXPECT_EQ(reply["response"], "<s>go");
}

TEST_F(Chat, ATemplateOfTheRequestReplacesTheModels) {
  daemon_.files.add({.layers = {{"system", "be kind"}}});
  const Json reply = whole(generate(
      R"("prompt":"hi","stream":false,"template":"[{{ .System }}|{{ .Prompt }}]{{ .Response }}")"));
  EXPECT_EQ(reply["response"], "[be kind|hi]");
}

TEST_F(Chat, ASuffixIsFilledIn) {
  daemon_.files.add({});
  const Json reply = whole(generate(R"("prompt":"def f():","suffix":"return 1","stream":false)"));
  EXPECT_THAT(reply["response"].get<std::string>(), HasSubstr("def f():"));
}

TEST_F(Chat, AFormatReachesTheModel) {
  daemon_.files.add({});
  const Json reply = whole(chat(std::string(kHello) + R"(,"stream":false,"format":"json")"));
  EXPECT_EQ(reply["message"]["content"], "{}");
}

TEST_F(Chat, AnEngineThatFailsAtOnceGivesARealStatus) {
  daemon_.files.add({.settings = {{"fail_after", "0"}}});
  const auto answer = chat(kHello);
  EXPECT_EQ(answer->code(), ErrorCode::kEngineFailed);
  EXPECT_FALSE(answer->reply.started()) << "the status is still free to choose";
  EXPECT_EQ(daemon_.leases(), 0);
}

TEST_F(Chat, AnEngineThatFailsInMidStreamLeavesWhatWasWritten) {
  daemon_.files.add({.settings = {{"fail_after", "2"}}});
  const auto answer = chat(kHello);
  EXPECT_EQ(answer->code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(lines(answer), SizeIs(2));
  EXPECT_EQ(daemon_.leases(), 0);
}

TEST_F(Chat, AModelThatDoesNotLoadSaysWhy) {
  daemon_.files.add({.settings = {{"refuse_load", "out_of_memory: 9 GiB needed, 4 GiB free"}}});
  const auto answer = chat(kHello);
  EXPECT_EQ(answer->code(), ErrorCode::kOutOfMemory);
  EXPECT_THAT(answer->message(), HasSubstr("9 GiB needed"));
}

TEST_F(Chat, AClientThatLeavesStopsTheEngine) {
  daemon_.files.add({.settings = {{"tokens", "1000000"}}});
  const auto answer =
      daemon_.call(http::Method::kPost, "/api/chat",
                   R"({"model":"echo","messages":[{"role":"user","content":"go"}]})", {}, 3);
  EXPECT_EQ(answer->code(), ErrorCode::kCancelled);
  EXPECT_EQ(daemon_.leases(), 0);
}

TEST_F(Chat, AStopRequestEndsARunThatIsSilent) {
  daemon_.files.add({.settings = {{"hang_after", "0"}}});
  std::stop_source stop;
  RunContext run;
  run.stop = stop.get_token();
  const std::jthread leaver([&] {
    while (daemon_.leases() == 0) std::this_thread::yield();
    stop.request_stop();
  });
  const auto answer =
      daemon_.call(http::Method::kPost, "/api/generate", R"({"model":"echo","prompt":"x"})", run);
  EXPECT_EQ(answer->code(), ErrorCode::kCancelled);
  EXPECT_EQ(daemon_.leases(), 0);
}

TEST_F(Chat, ManifestMessagesAndSystemTextComeFirst) {
  daemon_.files.add(
      {.layers = {{"system", "s1 s2"}, {"messages", R"([{"role":"user","content":"e1 e2 e3"}])"}}});
  const std::string fields = std::string(kHello) + R"(,"stream":false)";
  const int with_preset = whole(chat(fields))["prompt_eval_count"];
  daemon_.files.add({});
  EXPECT_EQ(with_preset - whole(chat(fields))["prompt_eval_count"].get<int>(), 2 + 1 + 3 + 1);
}

TEST_F(Chat, KeepAliveZeroLetsTheModelGoAfterTheReply) {
  daemon_.files.add({});
  EXPECT_FALSE(chat(std::string(kHello) + R"(,"keep_alive":0)")->error);
  for (int i = 0; i < 5000 && !loaded().empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_TRUE(loaded().empty());
}

}  // namespace
}  // namespace hailstone::chat
