// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "engines/llama/testing/micro_gguf.hpp"
#include "engines/llama/testing/real_server.hpp"
#include "inference/text_session.hpp"

// The engine with a real llama-server and a model that the test writes.

namespace hailstone::engines::llama {
namespace {

using namespace std::chrono_literals;
using inference::ChatPrompt;
using inference::FinishReason;
using inference::InfillPrompt;
using inference::Message;
using inference::ModelSpec;
using inference::RawPrompt;
using inference::TextChunk;
using inference::TextRequest;
using inference::TextResult;
using testing::MicroModel;
using testing::TempFile;

RunContext soon() {
  return {Deadline::in(60s), {}};
}

TextRequest raw(std::string text, int max_tokens) {
  TextRequest request;
  request.prompt = RawPrompt{{}, std::move(text), {}};
  request.sampling.temperature = 0;
  request.max_tokens = max_tokens;
  return request;
}

TextRequest chat(std::string text, int max_tokens) {
  TextRequest request = raw({}, max_tokens);
  Message message = inference::make_message(inference::Role::kUser, std::move(text));
  request.prompt = ChatPrompt{{std::move(message)}, {}};
  return request;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

class LlamaEngineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    engine_ = make_llama_engine(testing::real_server());
    const auto availability = engine_->probe();
    if (!availability.usable) GTEST_SKIP() << availability.reason;
  }

  void load(const MicroModel& micro, inference::LoadOptions options = {}) {
    file_ = std::make_unique<TempFile>("micro.gguf", testing::micro_gguf(micro));
    spec_ = ModelSpec{};
    spec_.name = "micro";
    spec_.weights = file_->path();
    model_ = engine_->load(spec_, options, soon());
  }

  inference::TextSession& text() { return *model_->text(); }

  std::string generate(const TextRequest& request, TextResult* result = nullptr) {
    std::string reply;
    const TextResult done = text().generate(
        request,
        [&](TextChunk&& chunk) {
          EXPECT_TRUE(is_valid_utf8(chunk.text));
          reply += chunk.text;
        },
        soon());
    if (result != nullptr) *result = done;
    return reply;
  }

  ErrorCode code_of(const TextRequest& request) {
    try {
      generate(request);
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorCode::kInternal;
  }

  std::unique_ptr<inference::Engine> engine_;
  std::unique_ptr<TempFile> file_;
  ModelSpec spec_;
  std::unique_ptr<inference::Model> model_;
};

TEST_F(LlamaEngineTest, ProbeTellsTheServersVersion) {
  const auto availability = engine_->probe();
  EXPECT_FALSE(availability.version.empty());
}

TEST_F(LlamaEngineTest, TheContextIsTheOneAskedForUpToTheTrainedOne) {
  load({}, {.context_length = 256});
  EXPECT_EQ(text().context_length(), 256);
  load({}, {.context_length = 100'000});
  EXPECT_EQ(text().context_length(), 512);
}

TEST_F(LlamaEngineTest, AContextThatTheServerRoundsUpIsObeyed) {
  load({}, {.context_length = 100});
  EXPECT_EQ(text().context_length(), 100);
  for (const bool shifts : {true, false}) {
    TextRequest request = raw(std::string(60, 'a'), -1);
    request.shift_context = shifts;
    TextResult result;
    generate(request, &result);
    EXPECT_EQ(result.finish, FinishReason::kLength);
    EXPECT_EQ(result.prompt_tokens + result.generated_tokens, 100);
    request = chat(std::string(40, 'a'), -1);
    request.shift_context = shifts;
    generate(request, &result);
    EXPECT_EQ(result.prompt_tokens + result.generated_tokens, 100);
  }
  EXPECT_EQ(code_of(raw(std::string(150, 'a'), 4)), ErrorCode::kTooLarge);
  EXPECT_EQ(code_of(chat(std::string(150, 'a'), 4)), ErrorCode::kTooLarge);
  EXPECT_EQ(code_of(raw(std::string(600, 'a'), 4)), ErrorCode::kTooLarge);
  try {
    text().embed({"a", std::string(150, 'a')}, soon());
    ADD_FAILURE() << "an input of 150 tokens fits into 100";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("input 1 has 15"));
  }
}

TEST_F(LlamaEngineTest, AChatSaysAtWhichStopTextItEnded) {
  load({});
  TextRequest request = chat("a", 40);
  const std::string all = generate(request);
  ASSERT_GT(all.size(), 12U);
  const std::string stop = all.substr(6, 3);
  request.stop = {"never said", stop};
  request.want_logprobs = true;
  TextResult result;
  EXPECT_EQ(generate(request, &result), all.substr(0, all.find(stop)));
  EXPECT_EQ(result.stop_text, stop);
  EXPECT_EQ(result.finish, FinishReason::kStop);
  EXPECT_GT(result.prompt_tokens, 0);
  EXPECT_GT(result.generated_tokens, 0);
  EXPECT_LT(result.generated_tokens, 40);
  request.stop = {"never said", all.substr(all.size() - 2) + "x"};
  EXPECT_EQ(generate(request, &result), all) << "the beginning of a stop text is shown at the end";
  EXPECT_FALSE(result.stop_text);
}

TEST_F(LlamaEngineTest, WhatItHasReadSurvivesAnUnload) {
  TempFile folder("empty", "");
  LlamaOptions options = testing::real_server();
  options.prompts.folder = folder.path().parent_path() / "prompts";
  options.prompts.budget = ByteSize::mib(64);
  options.prompts.worth_keeping = {};
  engine_ = make_llama_engine(options);
  load({}, {.parallel = 2});
  const TextRequest request = raw(std::string(300, 'a') + " and a b c d", 4);
  TextResult first;
  const std::string said = generate(request, &first);
  EXPECT_LT(first.cached_prompt_tokens, 10);
  model_.reset();
  model_ = engine_->load(spec_, {.parallel = 2}, soon());
  TextResult again;
  EXPECT_EQ(generate(request, &again), said);
  EXPECT_GT(again.cached_prompt_tokens, 300);
  model_.reset();
  model_ = engine_->load(spec_, {.context_length = 256, .parallel = 2}, soon());
  generate(raw(std::string(100, 'a'), 4), &again);
  EXPECT_LT(again.cached_prompt_tokens, 10) << "under another plan it does not fit";
}

TEST_F(LlamaEngineTest, TheSameSeedSaysTheSame) {
  load({});
  TextRequest request = raw("a", 16);
  request.sampling.temperature = 1.5;
  request.sampling.seed = 42;
  const std::string first = generate(request);
  EXPECT_EQ(generate(request), first);
  request.sampling.seed = -1;
  EXPECT_NE(generate(request), first);
}

TEST_F(LlamaEngineTest, TakesEverySamplingOption) {
  load({});
  TextRequest request = chat("a", 4);
  request.sampling = {.temperature = 0.7,
                      .top_k = -1,
                      .top_p = 0.5,
                      .min_p = 0.1,
                      .typical_p = 0.9,
                      .seed = std::int64_t{1} << 40,
                      .repeat_last_n = -1,
                      .repeat_penalty = 1.1,
                      .presence_penalty = 0.1,
                      .frequency_penalty = 0.1};
  request.thinking = inference::Thinking::kHigh;
  request.keep_tokens = 4;
  TextResult result;
  EXPECT_FALSE(generate(request, &result).empty());
  EXPECT_EQ(result.generated_tokens, 4);
}

TEST_F(LlamaEngineTest, ShiftsTheContextOnlyWhereThatIsWanted) {
  load({.context = 256});
  TextRequest request = raw("a b c", 400);
  TextResult result;
  generate(request, &result);
  EXPECT_EQ(result.generated_tokens, 400);
  for (TextRequest limited : {raw("a b c", -1), chat("a b c", -1)}) {
    limited.shift_context = false;
    generate(limited, &result);
    EXPECT_EQ(result.finish, FinishReason::kLength);
    EXPECT_LE(result.prompt_tokens + result.generated_tokens, 257);
    EXPECT_GT(result.generated_tokens, 100);
  }
}

TEST_F(LlamaEngineTest, NoTokensWantedMeansNoneShown) {
  load({});
  TextResult result;
  EXPECT_EQ(generate(raw("a b c", 0), &result), "");
  EXPECT_EQ(result.generated_tokens, 0);
  EXPECT_EQ(result.prompt_tokens, static_cast<int>(result.tokens.size()));
}

TEST_F(LlamaEngineTest, TheSecondTurnComesOutOfThePromptCache) {
  load({});
  TextResult result;
  generate(raw("a b c d e f g h i j k l m n o p", 2), &result);
  generate(raw("a b c d e f g h i j k l m n o p q", 2), &result);
  EXPECT_GE(result.cached_prompt_tokens, 10);
}

TEST_F(LlamaEngineTest, ConversationsThatTakeTurnsInOneSlotAreBothRemembered) {
  load({}, {.parallel = 1});
  TextResult result;
  for (int round = 0; round < 2; ++round) {
    generate(raw("a b c d e f g h i j k l m n o p", 2), &result);
    generate(raw("z y x w v u t s r q p o n m l k", 2), &result);
  }
  EXPECT_GE(result.cached_prompt_tokens, 10);
}

TEST_F(LlamaEngineTest, CharactersOfSeveralTokensComeWhole) {
  load({.says = MicroModel::Says::kBytes});
  TextRequest request = raw("\xC3\xA4", 60);
  request.sampling.temperature = 3;
  request.sampling.seed = 5;
  TextResult result;
  generate(request, &result);
  EXPECT_GE(static_cast<int>(result.tokens.size()), result.prompt_tokens);
}

TEST_F(LlamaEngineTest, FillsInTheMiddle) {
  load({});
  TextRequest request = raw({}, 6);
  request.prompt = InfillPrompt{"a b", "c d"};
  TextResult result;
  EXPECT_FALSE(generate(request, &result).empty());
  EXPECT_EQ(result.generated_tokens, 6);
  request.shift_context = false;
  EXPECT_FALSE(generate(request).empty());
}

TEST_F(LlamaEngineTest, RepliesObeyASchema) {
  load({});
  for (TextRequest request : {raw("a", 200), chat("a", 200)}) {
    request.schema = R"({"type":"object","properties":{"ok":{"type":"boolean"}},
                         "required":["ok"],"additionalProperties":false})";
    const std::string reply = generate(request);
    EXPECT_THAT(reply, ::testing::ContainsRegex("\"ok\"[ ]*:[ ]*(true|false)"));
    request.schema = R"({"type":"no such type"})";
    EXPECT_EQ(code_of(request), ErrorCode::kBadRequest);
  }
}

TEST_F(LlamaEngineTest, ATemplateThatRefusesIsABadRequest) {
  load({.chat_template = "{% if messages[0].content == 'no' %}"
                         "{{ raise_exception('this is refused') }}{% endif %}"
                         "{% for m in messages %}{{ m.content }}{% endfor %}"});
  EXPECT_FALSE(generate(chat("a", 4)).empty());
  try {
    generate(chat("no", 4));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    EXPECT_STREQ(error.what(), "the chat template refuses this conversation: this is refused");
  }
}

TEST_F(LlamaEngineTest, AppliesTheTemplateWithTools) {
  load({.chat_template = "{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}"
                         "{% if tools %}{{ tools | tojson }}{% endif %}"});
  const Message message = inference::make_message(inference::Role::kUser, "hello");
  const inference::ToolSpec tool{"lamp", "switches it", R"({"type":"object"})"};
  const std::string prompt = text().apply_template({{message}, {tool}}, soon());
  EXPECT_THAT(prompt, ::testing::HasSubstr("[user:hello]"));
  EXPECT_THAT(prompt, ::testing::HasSubstr("\"lamp\""));
}

TEST_F(LlamaEngineTest, PicturesNeedAProjector) {
  load({});
  TextRequest request = chat("what is this?", 4);
  inference::add_image(std::get<ChatPrompt>(request.prompt).messages[0], "not even a picture");
  EXPECT_EQ(code_of(request), ErrorCode::kUnsupported);
}

TEST_F(LlamaEngineTest, TokensOfAnotherModelAreABadRequest) {
  load({});
  EXPECT_THROW(text().detokenize({1, 99'999'999}, soon()), Error);
  TextRequest request = raw("a", 4);
  request.prompt = RawPrompt{{1, 99'999'999}, "a", {}};
  EXPECT_EQ(code_of(request), ErrorCode::kBadRequest);
}

TEST_F(LlamaEngineTest, AChatModelCanEmbedBetweenItsConversations) {
  load({});
  const std::string before = generate(raw("a b", 8));
  const auto embeddings = text().embed({"a", "b c d", std::string(100, 'x')}, soon());
  ASSERT_EQ(embeddings.vectors.size(), 3U);
  EXPECT_EQ(embeddings.vectors[0].size(), 32U);
  EXPECT_GT(embeddings.prompt_tokens, 100);
  EXPECT_EQ(generate(raw("a b", 8)), before);
}

TEST_F(LlamaEngineTest, AnEmbeddingModelOnlyEmbeds) {
  load({.pooling = 1});
  EXPECT_EQ(text().embed({"a", "b"}, soon()).vectors.size(), 2U);
  EXPECT_EQ(code_of(raw("a", 4)), ErrorCode::kUnsupported);
  // Almost as long as the context: has to fit into one batch.
  EXPECT_EQ(text().embed({std::string(400, 'x')}, soon()).vectors.size(), 1U);
}

TEST_F(LlamaEngineTest, AnInputTooLongToEmbedIsNamed) {
  for (const std::uint32_t pooling : {0U, 1U}) {
    load({.pooling = pooling});
    try {
      text().embed({"a", std::string(5000, 'x')}, soon());
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
      EXPECT_THAT(error.what(), ::testing::HasSubstr("input 1 has"));
    }
  }
}

TEST_F(LlamaEngineTest, ABrokenModelSaysWhatIsWrongWithIt) {
  testing::GgufWriter writer;
  writer.set("general.architecture", "no-such-architecture").tensor("a", {4}, {1, 2, 3, 4});
  const TempFile file("odd.gguf", writer.file());
  ModelSpec spec;
  spec.weights = file.path();
  try {
    engine_->load(spec, {}, soon());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("no-such-architecture"));
  }
}

TEST_F(LlamaEngineTest, ManyCancelledStreamsLeaveNothingRunning) {
  load({}, {.parallel = 2});
  const std::size_t descriptors = open_descriptors();
  for (int round = 0; round < 50; ++round) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        std::stop_source stop;
        EXPECT_THROW(text().generate(raw("a", -1), [&](TextChunk&&) { stop.request_stop(); },
                                     {Deadline::in(60s), stop.get_token()}),
                     Error);
      });
    }
  }
  // Both slots are free again, or this would have to wait for an endless reply.
  EXPECT_FALSE(generate(raw("a", 4)).empty());
  EXPECT_LE(open_descriptors(), descriptors + 2);
}

TEST_F(LlamaEngineTest, MoreRequestsThanSlotsWaitForEachOther) {
  load({}, {.parallel = 1});
  std::vector<std::jthread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] { done += generate(raw("a", 10)).empty() ? 0 : 1; });
  }
  threads.clear();
  EXPECT_EQ(done, 12);
}

TEST_F(LlamaEngineTest, ManyRoundsOfLoadAndUnloadLeaveNothingBehind) {
  load({});
  model_.reset();
  const std::size_t descriptors = open_descriptors();
  for (int round = 0; round < 10; ++round) {
    load({});
    model_.reset();
  }
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_F(LlamaEngineTest, ALongRunFolderIsNoObstacle) {
  auto options = testing::real_server();
  const TempFile anchor("anchor", "");
  options.run_dir = anchor.path().parent_path() / std::string(150, 'r');
  engine_ = make_llama_engine(options);
  load({});
  EXPECT_FALSE(generate(raw("a", 4)).empty());
}

TEST(LlamaEngine, SaysWhatHelpsWhereThereIsNoServer) {
  const auto engine = make_llama_engine({.server = "/nonexistent/llama-server"});
  EXPECT_FALSE(engine->probe().usable);
  EXPECT_THAT(engine->probe().reason, ::testing::HasSubstr("/nonexistent/llama-server"));
  const TempFile file("micro.gguf", testing::micro_gguf());
  ModelSpec spec;
  spec.weights = file.path();
  EXPECT_THROW(engine->load(spec, {}, soon()), Error);
}

TEST(LlamaEngine, DescribesAndEstimatesWithoutAServer) {
  const auto engine = make_llama_engine({.server = "/nonexistent/llama-server"});
  const TempFile file("micro.gguf", testing::micro_gguf());
  ModelSpec spec;
  spec.weights = file.path();
  const auto facts = engine->describe(spec, inference::FactDetail::kFull);
  EXPECT_EQ(facts.architecture, "llama");
  EXPECT_EQ(facts.quantization, "F32");
  EXPECT_EQ(facts.context_length, 512);
  EXPECT_FALSE(facts.tensors.empty());
  EXPECT_GT(engine->estimate(spec, {}).host, ByteSize::mib(10));
  EXPECT_LT(engine->estimate(spec, {}).host, ByteSize::mib(60));
  spec.adapters = {"/nonexistent/adapter.gguf"};
  EXPECT_THROW(engine->estimate(spec, {}), Error);
}

}  // namespace
}  // namespace hailstone::engines::llama
