// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/wire.hpp"
#include "engines/llama/wire_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engines/llama/event_stream.hpp"

namespace hailstone::engines::llama {
namespace {

using inference::ChatPrompt;
using inference::FinishReason;
using inference::Message;
using inference::TextChunk;
using inference::TextRequest;
using nlohmann::json;

const ServerFacts kFacts{512, 512, "<__media__>"};

json chat_json(const TextRequest& request, const ChatPrompt& prompt = {}) {
  return json::parse(chat_request(request, prompt, 7, kFacts));
}

template <typename Action>
ErrorCode code_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

TEST(LlamaRequest, SaysWhatWasAskedAndNothingElse) {
  const json body = chat_json({});
  EXPECT_EQ(
      body,
      json::parse(
          R"({"messages":[],"stream":true,"return_progress":true,"cache_prompt":true,"n_keep":0,
                                  "max_tokens":7})"));
}

TEST(LlamaRequest, CarriesSamplingAndStops) {
  TextRequest request;
  request.sampling.temperature = 0.5;
  request.sampling.top_k = -3;
  request.sampling.repeat_last_n = -1;
  request.sampling.seed = (std::int64_t{1} << 32) + 5;
  request.stop = {"", "END"};
  request.keep_tokens = 4;
  const json body = chat_json(request);
  EXPECT_EQ(body["temperature"], 0.5);
  EXPECT_EQ(body["top_k"], 0);
  EXPECT_EQ(body["repeat_last_n"], 512);
  EXPECT_EQ(body["seed"], 5);
  EXPECT_FALSE(body.contains("stop")) << "the server would not say which";
  EXPECT_EQ(body["timings_per_token"], true);
  request.prompt = inference::RawPrompt{{}, "a", {}};
  EXPECT_EQ(json::parse(completion_request(request, {1}, 7, kFacts))["stop"],
            json::parse(R"(["END"])"));
  request.prompt = ChatPrompt{};
  EXPECT_EQ(body["n_keep"], 4);
  request.sampling.seed = -7;
  EXPECT_EQ(chat_json(request)["seed"], -1);
}

TEST(LlamaRequest, CarriesAWholeConversation) {
  Message user;
  inference::add_text(user, "look");
  inference::add_image(user, "\xFF\xD8\xFFjpeg");
  inference::add_text(user, "and");
  inference::add_image(user, "\x89PNG");
  Message assistant;
  assistant.role = inference::Role::kAssistant;
  assistant.thinking = "hm";
  assistant.tool_calls = {{"id1", "lamp", R"({"on":true})"}};
  Message tool = inference::make_message(inference::Role::kTool, "done");
  tool.tool_name = "lamp";
  tool.tool_call_id = "id1";
  const ChatPrompt prompt{{user, assistant, tool}, {{"lamp", "a lamp", R"({"type":"object"})"}}};
  const json body = chat_json({}, prompt);
  EXPECT_EQ(body["messages"], json::parse(R"([
    {"role":"user","content":[
      {"type":"text","text":"look"},
      {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/anBlZw=="}},
      {"type":"text","text":"and"},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}}]},
    {"role":"assistant","content":"","reasoning_content":"hm","tool_calls":[
      {"id":"id1","type":"function","function":{"name":"lamp","arguments":"{\"on\":true}"}}]},
    {"role":"tool","content":"done","name":"lamp","tool_call_id":"id1"}])"));
  EXPECT_EQ(body["tools"], json::parse(R"([{"type":"function","function":
    {"name":"lamp","description":"a lamp","parameters":{"type":"object"}}}])"));
}

TEST(LlamaRequest, AToolThatIsNamedGoesAloneAndHasToBeCalled) {
  using Mode = inference::ToolChoice::Mode;
  ChatPrompt prompt{{}, {{"lamp", "", "{}"}, {"fan", "", "{}"}}};
  json body = chat_json({}, prompt);
  EXPECT_FALSE(body.contains("tool_choice"));
  EXPECT_EQ(body["parallel_tool_calls"], true);
  prompt.tool_choice = {Mode::kNamed, "fan"};
  body = chat_json({}, prompt);
  EXPECT_EQ(body["tool_choice"], "required");
  ASSERT_EQ(body["tools"].size(), 1U);
  EXPECT_EQ(body["tools"][0]["function"]["name"], "fan");
  prompt.tool_choice = {Mode::kNone, ""};
  EXPECT_EQ(chat_json({}, prompt)["tool_choice"], "none");
}

TEST(LlamaRequest, BiasesAndBudgetsAreSent) {
  TextRequest request;
  EXPECT_FALSE(chat_json(request).contains("thinking_budget_tokens"));
  request.thinking_tokens = 0;
  request.sampling.logit_bias = {{5, -100}, {6, 1.5}};
  const json body = chat_json(request);
  EXPECT_EQ(body["thinking_budget_tokens"], 0);
  EXPECT_EQ(body["logit_bias"], json::parse("[[5,false],[6,1.5]]"));
}

TEST(LlamaRequest, ThinkingGoesToTheTemplate) {
  TextRequest request;
  EXPECT_FALSE(chat_json(request).contains("chat_template_kwargs"));
  request.thinking = inference::Thinking::kOff;
  EXPECT_EQ(chat_json(request)["chat_template_kwargs"], json({{"enable_thinking", false}}));
  request.thinking = inference::Thinking::kLow;
  EXPECT_EQ(chat_json(request)["chat_template_kwargs"]["reasoning_effort"], "low");
}

TEST(LlamaRequest, AnEmptySchemaMeansAnyJson) {
  TextRequest request;
  request.schema = "{}";
  EXPECT_EQ(chat_json(request)["response_format"]["type"], "json_object");
  request.schema = R"({"type":"array"})";
  EXPECT_EQ(chat_json(request)["json_schema"]["type"], "array");
}

TEST(LlamaRequest, RefusesSchemasThatNoServerSurvives) {
  std::string deep = R"({"type":"string"})";
  for (int i = 0; i < 100; ++i) deep = R"({"items":)" + deep + "}";
  json many = {{"enum", json::array()}};
  for (int i = 0; i < 2000; ++i) many["enum"].push_back(i);
  for (const std::string& schema :
       {deep, many.dump(), std::string(R"({"maxLength":1000000000})"),
        std::string(R"({"properties":{"a":{"minItems":1e300}}})"), std::string("not json"),
        std::string("[]"), std::string("\"json\""), std::string(1 << 20, '{')}) {
    TextRequest request;
    request.schema = schema;
    EXPECT_EQ(code_of([&] { chat_json(request); }), ErrorCode::kBadRequest);
  }
}

json optional_properties(int count) {
  json schema = {{"type", "object"}, {"properties", json::object()}};
  for (int i = 0; i < count; ++i) schema["properties"]["p" + std::to_string(i)] = json::object();
  return schema;
}

TEST(LlamaRequest, RefusesWhatMultipliesInASchema) {
  const auto code = [](const json& schema) {
    return code_of([&] { parse_schema(schema.dump()); });
  };
  EXPECT_EQ(code(optional_properties(300)), ErrorCode::kBadRequest);
  EXPECT_EQ(code({{"items", optional_properties(200)}, {"not", optional_properties(200)}}),
            ErrorCode::kBadRequest);
  EXPECT_NO_THROW(parse_schema(optional_properties(200).dump()));
  json needed = optional_properties(300);
  for (const auto& [name, any] : needed["properties"].items()) needed["required"].push_back(name);
  EXPECT_NO_THROW(parse_schema(needed.dump())) << "those follow one after the other";
  json choice = {{"type", "string"}};
  for (int i = 0; i < 8; ++i) choice = {{"anyOf", json::array({choice, 1, 2, 3})}};
  EXPECT_EQ(code(choice), ErrorCode::kBadRequest) << "4 to the power of 8";
  const std::string parameters = optional_properties(200).dump();
  EXPECT_NO_THROW(chat_json({}, {{}, {{"lamp", "", parameters}}}));
  EXPECT_EQ(code_of([&] {
              chat_json({}, {{}, {{"lamp", "", parameters}, {"fan", "", parameters}}});
            }),
            ErrorCode::kBadRequest);
}

TEST(LlamaRequest, BytesThatAreNoTextBecomeReplacements) {
  const Message message = inference::make_message(inference::Role::kUser, "a\xFFz");
  EXPECT_EQ(chat_json({}, {{message}, {}})["messages"][0]["content"], "a\xEF\xBF\xBDz");
}

TEST(LlamaRequest, ToolParametersMustBeAnObject) {
  EXPECT_EQ(code_of([&] { chat_json({}, {{}, {{"lamp", "", "[1]"}}}); }), ErrorCode::kBadRequest);
}

TEST(LlamaRequest, CompletionsTakeTokensTextAndPictures) {
  TextRequest request;
  request.want_logprobs = true;
  const json plain = json::parse(completion_request(request, {1, 2}, 9, kFacts));
  EXPECT_EQ(plain["prompt"], json::parse("[1,2]"));
  EXPECT_EQ(plain["n_predict"], 9);
  EXPECT_EQ(plain["n_probs"], 1);
  const json picture = json::parse(picture_request(request, {{}, "see", {"\x89PNG"}}, 9, kFacts));
  EXPECT_EQ(picture["prompt"]["prompt_string"], "<__media__>see");
  EXPECT_EQ(picture["prompt"]["multimodal_data"], json::parse(R"(["iVBORw=="])"));
  const json infill = json::parse(infill_request(request, {"a", "b"}, 9, kFacts));
  EXPECT_EQ(infill["input_prefix"], "a");
  EXPECT_EQ(infill["input_suffix"], "b");
}

/// Events as a real server sent them.
constexpr std::string_view kChat =
    R"(data: {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1,"id":"c","model":"m","object":"chat.completion.chunk"}

data: {"choices":[{"finish_reason":null,"index":0,"delta":{"reasoning_content":"hm"}}],"created":1,"id":"c","model":"m","object":"chat.completion.chunk"}

data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":"Hi"},"logprobs":{"content":[{"id":436,"token":"Hi","bytes":[34],"logprob":-0.5,"top_logprobs":[{"id":436,"token":"Hi","bytes":[34],"logprob":-0.5},{"id":440,"token":"Ho","bytes":[72],"logprob":-2.5}]}]}}],"created":1,"id":"c","model":"m","object":"chat.completion.chunk"}

data: {"choices":[{"finish_reason":"length","index":0,"delta":{}}],"created":1,"id":"c","model":"m","object":"chat.completion.chunk","timings":{"cache_n":43,"prompt_n":1,"prompt_ms":180.168,"predicted_n":3,"predicted_ms":1.001}}

data: [DONE]

)";

std::vector<TextChunk> read_all(ReplyReader& reader, std::string_view stream, std::size_t cut) {
  std::vector<TextChunk> chunks;
  EventStream events([&](std::string_view data) { chunks.push_back(reader.read(data)); });
  for (; !stream.empty(); stream.remove_prefix(std::min(cut, stream.size()))) {
    events.feed(stream.substr(0, cut));
  }
  return chunks;
}

TEST(LlamaReply, AChatIsReadHoweverItIsCut) {
  for (const std::size_t cut : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
    ReplyReader reader(Dialect::kChat);
    const auto chunks = read_all(reader, kChat, cut);
    ASSERT_EQ(chunks.size(), 5U);
    EXPECT_EQ(chunks[1].thinking, "hm");
    EXPECT_EQ(chunks[2].text, "Hi");
    ASSERT_EQ(chunks[2].logprobs.size(), 1U);
    EXPECT_EQ(chunks[2].logprobs[0].logprob, -0.5);
    EXPECT_EQ(chunks[2].logprobs[0].top[1].token, "Ho");
    EXPECT_TRUE(reader.is_complete());
    EXPECT_EQ(reader.result().finish, FinishReason::kLength);
    EXPECT_EQ(reader.result().prompt_tokens, 44);
    EXPECT_EQ(reader.result().cached_prompt_tokens, 43);
    EXPECT_EQ(reader.result().generated_tokens, 3);
    EXPECT_EQ(reader.result().prompt_time, std::chrono::microseconds(180'168));
  }
}

TEST(LlamaReply, ToolCallsComeInPiecesAsTheyAreWritten) {
  ReplyReader reader(Dialect::kChat);
  inference::ToolCallJoiner joiner;
  const auto delta = [&](const std::string& calls, const std::string& finish = "null") {
    auto chunk = reader.read(R"({"choices":[{"finish_reason":)" + finish +
                             R"(,"index":0,"delta":{"tool_calls":)" + calls + "}}]}");
    return joiner.add(std::move(chunk.tool_calls));
  };
  EXPECT_TRUE(delta(R"([{"index":0,"id":"x1","type":"function",
                         "function":{"name":"lamp","arguments":""}}])")
                  .empty());
  EXPECT_TRUE(delta(R"([{"index":0,"function":{"arguments":"{\"on\":"}}])").empty());
  EXPECT_TRUE(delta(R"([{"index":0,"id":"x1","function":{"arguments":"true}"}}])").empty());
  const auto first = delta(R"([{"index":1,"function":{"name":"fan","arguments":"{}"}}])");
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0], (inference::ToolCall{"x1", "lamp", R"({"on":true})"}));
  EXPECT_TRUE(delta("[]", R"("tool_calls")").empty());
  const auto second = joiner.finish();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].name, "fan");
  EXPECT_FALSE(second[0].id.empty());
  EXPECT_EQ(reader.result().finish, FinishReason::kStop);
}

TEST(LlamaReply, CompletionsKnowTheirTokens) {
  ReplyReader reader(Dialect::kCompletion);
  EXPECT_EQ(reader
                .read(R"({"index":0,"content":" a","tokens":[261],"stop":false,
      "completion_probabilities":[{"token":" a","logprob":-0.1,"top_logprobs":[]}]})")
                .logprobs.size(),
            1U);
  EXPECT_FALSE(reader.is_complete());
  reader.read(R"({"index":0,"content":"","tokens":[],"stop":true,"stop_type":"eos",
      "timings":{"cache_n":0,"prompt_n":4,"predicted_n":2}})");
  EXPECT_TRUE(reader.is_complete());
  EXPECT_EQ(reader.result().tokens, std::vector<inference::TokenId>{261});
  EXPECT_EQ(reader.result().finish, FinishReason::kStop);
  EXPECT_TRUE(reader.has_all_tokens());
}

TEST(LlamaReply, TheProgressOfAPromptIsNoPartOfTheReply) {
  ReplyReader completion(Dialect::kCompletion);
  const auto chunk = completion.read(R"({"index":0,"content":"","tokens":[0],"stop":false,
      "prompt_progress":{"total":130,"cache":0,"processed":64,"time_ms":1343}})");
  EXPECT_EQ(chunk.text, "");
  EXPECT_TRUE(completion.result().tokens.empty());
  ReplyReader chat(Dialect::kChat);
  chat.read(R"({"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant",
      "content":null}}],"prompt_progress":{"total":130,"cache":0,"processed":64,"time_ms":1343}})");
  EXPECT_FALSE(chat.is_complete());
}

TEST(LlamaReply, NoticesTokensThatWereKeptBack) {
  ReplyReader reader(Dialect::kCompletion);
  reader.read(R"({"content":"\u4e00","tokens":[132],"stop":false})");
  reader.read(R"({"content":"","tokens":[],"stop":true,"stop_type":"limit",
      "timings":{"prompt_n":4,"predicted_n":3}})");
  EXPECT_FALSE(reader.has_all_tokens());
  EXPECT_EQ(reader.result().finish, FinishReason::kLength);
}

TEST(LlamaReply, AnErrorInMidStreamIsThrown) {
  ReplyReader reader(Dialect::kChat);
  EXPECT_EQ(code_of([&] {
              read_all(reader,
                       "error: {\"error\":{\"code\":500,\"message\":\"boom\","
                       "\"type\":\"server_error\"}}\n\n",
                       100);
            }),
            ErrorCode::kEngineFailed);
}

TEST(LlamaReply, NonsenseIsAnEngineFailure) {
  for (const char* data : {"", "{", "nonsense", "\xFF"}) {
    ReplyReader reader(Dialect::kChat);
    EXPECT_EQ(code_of([&] { reader.read(data); }), ErrorCode::kEngineFailed);
  }
  for (const char* data : {"[]", "1", "null", R"({"choices":1})", R"({"choices":[[]]})",
                           R"({"choices":[{"delta":7,"logprobs":[1],"finish_reason":1}]})",
                           R"({"choices":[{"delta":{"tool_calls":[7,{}]}}],"timings":[]})"}) {
    ReplyReader reader(Dialect::kChat);
    EXPECT_NO_THROW(reader.read(data)) << data;
    EXPECT_FALSE(reader.is_complete());
  }
  EXPECT_EQ(code_of([] { parse_tokens(R"({"tokens":["a"]})"); }), ErrorCode::kEngineFailed);
  EXPECT_EQ(code_of([] { parse_props("{}"); }), ErrorCode::kEngineFailed);
  EXPECT_EQ(code_of([] { parse_embeddings(R"({"data":[]})", 1); }), ErrorCode::kEngineFailed);
  EXPECT_EQ(code_of([] { parse_embeddings(R"({"data":[{"index":5,"embedding":[1]}]})", 1); }),
            ErrorCode::kEngineFailed);
}

TEST(LlamaReply, ReadsTheSmallReplies) {
  EXPECT_EQ(parse_tokens(R"({"tokens":[403,407]})"), (std::vector<inference::TokenId>{403, 407}));
  EXPECT_EQ(parse_detokenized(R"({"content":" do"})"), " do");
  EXPECT_EQ(parse_prompt(R"({"prompt":"<|user|>"})"), "<|user|>");
  EXPECT_EQ(parse_token_count(R"({"input_tokens":6,"object":"x"})"), 6);
  const ServerFacts facts =
      parse_props(R"({"default_generation_settings":{"n_ctx":512},"media_marker":"<m>"})");
  EXPECT_EQ(facts.context_length, 512);
  EXPECT_EQ(facts.media_marker, "<m>");
  for (const char* bad : {R"({"results":[]})", R"({"results":[{"index":1,"relevance_score":1}]})",
                          R"({"results":[{"index":0}]})", "[]"}) {
    EXPECT_EQ(code_of([&] { parse_ranking(bad, 1); }), ErrorCode::kEngineFailed) << bad;
  }
  const auto ranking = parse_ranking(
      R"({"usage":{"prompt_tokens":5},"results":[{"index":1,"relevance_score":2.5},
          {"index":0,"relevance_score":-1}]})",
      2);
  EXPECT_THAT(ranking.scores, ::testing::ElementsAre(-1, 2.5));
  EXPECT_EQ(ranking.prompt_tokens, 5);
  const auto embeddings = parse_embeddings(
      R"({"usage":{"prompt_tokens":9},"data":[{"index":1,"embedding":[3]},
          {"index":0,"embedding":[1,2]}]})",
      2);
  EXPECT_EQ(embeddings.prompt_tokens, 9);
  EXPECT_EQ(embeddings.vectors, (std::vector<std::vector<float>>{{1, 2}, {3}}));
}

TEST(LlamaReply, ErrorsKeepTheirMeaning) {
  const auto error = [](const std::string& type, const std::string& message) {
    return parse_error(R"({"error":{"code":400,"type":")" + type + R"(","message":")" + message +
                       R"(","n_prompt_tokens":1802,"n_ctx":512}})");
  };
  const Error too_large = error("exceed_context_size_error", "request exceeds");
  EXPECT_EQ(too_large.code(), ErrorCode::kTooLarge);
  EXPECT_STREQ(too_large.what(), "the input has 1802 tokens, but the context only 512");
  EXPECT_EQ(error("server_error", "input (9604 tokens) is too large to process.").code(),
            ErrorCode::kTooLarge);
  EXPECT_EQ(error("not_supported_error", "no").code(), ErrorCode::kUnsupported);
  EXPECT_EQ(error("unavailable_error", "Loading model").code(), ErrorCode::kBusy);
  EXPECT_EQ(error("server_error", "boom").code(), ErrorCode::kEngineFailed);
  const Error schema = error("invalid_request_error",
                             "Unable to generate parser. Failed: JSON schema error at #: bad type");
  EXPECT_EQ(schema.code(), ErrorCode::kBadRequest);
  EXPECT_STREQ(schema.what(), "the JSON schema cannot be obeyed, at #: bad type");
  EXPECT_EQ(parse_error("not json").code(), ErrorCode::kEngineFailed);
  EXPECT_EQ(parse_error("").code(), ErrorCode::kEngineFailed);
}

TEST(EventStream, RefusesEndlessLines) {
  EventStream events([](std::string_view) {});
  const std::string piece(1 << 20, 'x');
  EXPECT_EQ(code_of([&] {
              for (int i = 0; i < 100; ++i) events.feed(piece);
            }),
            ErrorCode::kEngineFailed);
}

}  // namespace
}  // namespace hailstone::engines::llama
