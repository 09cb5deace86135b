// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "engines/fake/engine.hpp"
#include "engines/fake/vocabulary.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"

namespace hailstone::engines::fake {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

using Settings = std::map<std::string, std::string>;

std::unique_ptr<inference::Model> load(Settings settings, RunContext run = {}) {
  inference::ModelSpec spec;
  spec.name = "tiny";
  spec.settings = std::move(settings);
  return make_fake_engine()->load(spec, {}, run);
}

inference::TextRequest chat(const std::string& message) {
  inference::TextRequest request;
  request.prompt =
      inference::ChatPrompt{{inference::make_message(inference::Role::kUser, message)}, {}};
  return request;
}

struct Reply {
  std::vector<std::string> chunks;
  std::string thinking;
  std::vector<inference::ToolCall> calls;
  int call_pieces = 0;
  inference::TextResult result;
};

Reply generate(inference::Model& model, const inference::TextRequest& request,
               RunContext run = {}) {
  Reply reply;
  inference::ToolCallJoiner joiner;
  const auto add = [&](std::vector<inference::ToolCall> calls) {
    for (auto& call : calls) reply.calls.push_back(std::move(call));
  };
  reply.result = model.text()->generate(
      request,
      [&](inference::TextChunk&& chunk) {
        if (!chunk.text.empty()) reply.chunks.push_back(chunk.text);
        reply.thinking += chunk.thinking;
        reply.call_pieces += static_cast<int>(chunk.tool_calls.size());
        add(joiner.add(std::move(chunk.tool_calls)));
      },
      run);
  add(joiner.finish());
  return reply;
}

template <typename Action>
ErrorCode code_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInternal;
}

TEST(FakeEngine, EchoesTheLastUserMessageWordByWord) {
  const auto reply = generate(*load({}), chat("good  morning all"));
  EXPECT_THAT(reply.chunks, ElementsAre("good", "  morning", " all"));
  EXPECT_EQ(reply.result.generated_tokens, 3);
  EXPECT_GT(reply.result.prompt_tokens, 0);
  EXPECT_EQ(reply.result.finish, inference::FinishReason::kStop);
}

TEST(FakeEngine, SaysWhatTheScriptSaysAsLongAsItSays) {
  const auto reply = generate(*load({{"reply", "ha ho"}, {"tokens", "5"}}), chat("hi"));
  EXPECT_EQ(join(reply.chunks, ""), "ha ho ha ho ha");
}

TEST(FakeEngine, ThinksUnlessThinkingIsOff) {
  const auto model = load({{"thinking", "let me see"}});
  auto request = chat("hi");
  EXPECT_EQ(generate(*model, request).thinking, "let me see");
  request.thinking = inference::Thinking::kOff;
  EXPECT_EQ(generate(*model, request).thinking, "");
}

TEST(FakeEngine, CallsAToolThatIsOnOffer) {
  const auto model = load({});
  auto request = chat("call:weather {\"city\": \"Ulm\"}");
  EXPECT_TRUE(generate(*model, request).calls.empty());
  std::get<inference::ChatPrompt>(request.prompt).tools = {{"weather", "", "{}"}};
  const auto reply = generate(*model, request);
  ASSERT_EQ(reply.calls.size(), 1U);
  EXPECT_EQ(reply.calls[0].name, "weather");
  EXPECT_EQ(reply.calls[0].arguments, "{\"city\": \"Ulm\"}");
  EXPECT_TRUE(reply.chunks.empty());
}

TEST(FakeEngine, PlaysScriptedCallsInFragmentsAndAnswersTheirResults) {
  const auto model = load({{"calls", "weather {\"city\": \"Ulm\"}\nclock"},
                           {"preface", "let me look"},
                           {"fragment", "5"},
                           {"reply", "it rains"},
                           {"cached_tokens", "2"}});
  auto request = chat("how is it?");
  auto& prompt = std::get<inference::ChatPrompt>(request.prompt);
  prompt.tools = {{"weather", "", "{}"}, {"clock", "", "{}"}};
  auto reply = generate(*model, request);
  EXPECT_EQ(join(reply.chunks, ""), "let me look");
  ASSERT_EQ(reply.calls.size(), 2U);
  EXPECT_EQ(reply.calls[0].arguments, "{\"city\": \"Ulm\"}");
  EXPECT_EQ(reply.calls[1].arguments, "{}");
  EXPECT_EQ(reply.call_pieces, 4);
  EXPECT_EQ(reply.result.cached_prompt_tokens, 2);
  prompt.parallel_tool_calls = false;
  EXPECT_EQ(generate(*model, request).calls.size(), 1U);
  prompt.messages.push_back(inference::make_message(inference::Role::kTool, "rain"));
  reply = generate(*model, request);
  EXPECT_TRUE(reply.calls.empty());
  EXPECT_EQ(join(reply.chunks, ""), "it rains");
}

TEST(FakeEngine, ObeysTheToolChoice) {
  const auto model = load({{"calls", "weather"}});
  auto request = chat("how is it?");
  auto& prompt = std::get<inference::ChatPrompt>(request.prompt);
  prompt.tools = {{"clock", "", "{}"}, {"weather", "", "{}"}};
  using Mode = inference::ToolChoice::Mode;
  prompt.tool_choice = {Mode::kNone, ""};
  EXPECT_TRUE(generate(*model, request).calls.empty());
  prompt.tool_choice = {Mode::kNamed, "clock"};
  EXPECT_EQ(generate(*model, request).calls.at(0).name, "clock");
  prompt.tool_choice = {Mode::kRequired, ""};
  EXPECT_EQ(generate(*model, request).calls.at(0).name, "weather");
  EXPECT_EQ(generate(*load({}), request).calls.at(0).name, "clock");
}

TEST(FakeEngine, ObeysASchemaAndGivesLogprobs) {
  auto request = chat("anything");
  request.schema = "{}";
  request.want_logprobs = true;
  request.top_logprobs = 2;
  std::vector<inference::TokenLogprob> logprobs;
  std::string text;
  load({})->text()->generate(request,
                             [&](inference::TextChunk&& chunk) {
                               text += chunk.text;
                               logprobs = chunk.logprobs;
                             },
                             {});
  EXPECT_EQ(text, "{}");
  ASSERT_EQ(logprobs.size(), 1U);
  EXPECT_EQ(logprobs[0].token, "{}");
  EXPECT_EQ(logprobs[0].top.size(), 2U);
}

TEST(FakeEngine, NamesTheSettingItCannotRead) {
  for (const auto& [settings, name] : std::vector<std::pair<Settings, std::string>>{
           {{{"tokens", "many"}}, "setting tokens"},
           {{{"slots", "0"}}, "setting slots"},
           {{{"token_ms", "-1"}}, "setting token_ms"},
           {{{"capabilities", "flying"}}, "setting capabilities"},
           {{{"colour", "red"}}, "setting colour"}}) {
    try {
      load(settings);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_THAT(error.what(), HasSubstr("model tiny: " + name));
    }
  }
}

TEST(FakeEngine, RefusesToLoadAsScripted) {
  EXPECT_EQ(code_of([] { load({{"refuse_load", "no luck"}}); }), ErrorCode::kEngineFailed);
  EXPECT_EQ(code_of([] {
              load({{"refuse_load", "out_of_memory: 8 GiB wanted"}});
            }),
            ErrorCode::kOutOfMemory);
  EXPECT_EQ(code_of([] { load({{"crash_at_load", "1"}}); }), ErrorCode::kEngineFailed);
  EXPECT_EQ(code_of([] {
              load({{"hang_at_load", "1"}}, {Deadline::in(20ms), {}});
            }),
            ErrorCode::kTimeout);
}

TEST(FakeEngine, FailsInMidStreamAndLivesOn) {
  const auto model = load({{"fail_after", "2"}});
  EXPECT_EQ(code_of([&] { generate(*model, chat("one two three")); }), ErrorCode::kEngineFailed);
  EXPECT_TRUE(model->alive());
}

TEST(FakeEngine, ACrashInProcessKillsTheModelAlone) {
  const auto model = load({{"crash_after", "1"}});
  EXPECT_EQ(code_of([&] { generate(*model, chat("one two")); }), ErrorCode::kEngineFailed);
  EXPECT_FALSE(model->alive());
  EXPECT_EQ(code_of([&] { generate(*model, chat("one")); }), ErrorCode::kEngineFailed);
}

TEST(FakeEngine, AHangEndsWhenItIsCalledOff) {
  const auto model = load({{"hang_after", "1"}});
  std::stop_source stop;
  auto request = chat("one two");
  const auto run = [&] {
    model->text()->generate(request, [&](inference::TextChunk&&) { stop.request_stop(); },
                            {Deadline::never(), stop.get_token()});
  };
  EXPECT_EQ(code_of(run), ErrorCode::kCancelled);
}

TEST(FakeEngine, ClaimsAndLeaksMemoryAsScripted) {
  const auto model = load({{"footprint_mb", "40"}, {"leak_mb", "2"}});
  EXPECT_EQ(model->footprint().host, ByteSize::mib(40));
  generate(*model, chat("a"));
  generate(*model, chat("a"));
  EXPECT_EQ(model->footprint().host, ByteSize::mib(44));
}

TEST(FakeEngine, HasOnlyTheSessionsOfItsScript) {
  const auto model = load({{"sessions", "text,read"}});
  EXPECT_NE(model->text(), nullptr);
  EXPECT_NE(model->read(), nullptr);
  EXPECT_EQ(model->tensor(), nullptr);
  EXPECT_EQ(model->hear(), nullptr);
  EXPECT_EQ(model->say(), nullptr);
}

TEST(FakeEngine, RunsNoMoreAtOnceThanItHasSlots) {
  const auto model = load({{"slots", "1"}, {"hang_after", "1"}});
  std::stop_source stop;
  bool second_was_refused = false;
  const auto on_chunk = [&](inference::TextChunk&&) {
    // The only slot is ours: a second run has to wait.
    second_was_refused = code_of([&] {
                           generate(*model, chat("hi"), {Deadline::in(10ms), {}});
                         }) == ErrorCode::kTimeout;
    stop.request_stop();
  };
  EXPECT_THROW(
      model->text()->generate(chat("one two"), on_chunk, {Deadline::never(), stop.get_token()}),
      Error);
  EXPECT_TRUE(second_was_refused);
}

TEST(FakeTensor, SaysWhatWasExpectedAndWhatCame) {
  const auto model = load({{"shape", "4,4,3"}});
  inference::Tensor tensor{{"input", inference::ElementType::kUint8, {1, 4, 4, 3}},
                           std::vector<std::byte>(48)};
  EXPECT_EQ(model->tensor()->run({tensor}, {}).at(0).data, tensor.data);
  tensor.info.shape = {4, 5, 3};
  try {
    model->tensor()->run({tensor}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "input input: shape [4, 4, 3] expected, got [4, 5, 3]");
  }
  tensor.info.shape = {4, 4, 3};
  tensor.data = std::vector<std::byte>(47);
  EXPECT_EQ(code_of([&] { model->tensor()->run({tensor}, {}); }), ErrorCode::kBadRequest);
}

TEST(FakeTensor, GivesTheScriptedOutputsWhateverCameIn) {
  const auto model =
      load({{"input", R"({"width":4,"height":2})"}, {"outputs", "boxes[1,2]=0.5 -3; none[0,6]="}});
  EXPECT_THAT(model->tensor()->inputs().at(0).shape, testing::ElementsAre(2, 4, 3));
  const inference::Tensor picture{{"input", inference::ElementType::kUint8, {1, 2, 4, 3}},
                                  std::vector<std::byte>(24)};
  const auto outputs = model->tensor()->run({picture}, {});
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs[0].info, model->tensor()->outputs().at(0));
  float values[2];
  ASSERT_EQ(outputs[0].data.size(), sizeof values);
  std::memcpy(values, outputs[0].data.data(), sizeof values);
  EXPECT_EQ(values[0], 0.5F);
  EXPECT_EQ(values[1], -3.0F);
  EXPECT_TRUE(outputs[1].data.empty());
  for (const auto* bad : {"boxes", "boxes[2]=1", "boxes[2]=1 2 3", "boxes[-1]=", "boxes[1]=x"}) {
    EXPECT_EQ(code_of([&] { load({{"outputs", bad}}); }), ErrorCode::kBadRequest) << bad;
  }
}

TEST(Vocabulary, TurnsWordsIntoNumbersAndBack) {
  const std::string text = " one two\n\nthree one  ";
  Vocabulary vocabulary;
  const auto tokens = vocabulary.tokens_of(split_words(text));
  EXPECT_EQ(vocabulary.text_of(tokens), text);
  EXPECT_EQ(vocabulary.tokens_of({" one"}).front(), tokens.front());
  EXPECT_EQ(code_of([&] { vocabulary.text_of({4711}); }), ErrorCode::kBadRequest);
}

TEST(FakeChip, IsAsHotAsItsHottestModel) {
  const auto engine = make_fake_engine();
  EXPECT_FALSE(engine->chip_temperature());
  {
    inference::ModelSpec warm;
    warm.settings = {{"chip_celsius", "60"}};
    inference::ModelSpec hot;
    hot.settings = {{"chip_celsius", "85"}};
    const auto model = engine->load(warm, {}, {});
    {
      const auto other = engine->load(hot, {}, {});
      EXPECT_EQ(engine->chip_temperature(), Celsius{85});
    }
    EXPECT_EQ(engine->chip_temperature(), Celsius{60});
  }
  EXPECT_FALSE(engine->chip_temperature());
}

}  // namespace
}  // namespace hailstone::engines::fake
