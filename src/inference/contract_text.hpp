// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of the contract test about text. Include contract_test.hpp instead of this.

#include <string>
#include <thread>
#include <vector>

#include "base/strings.hpp"
#include "inference/contract_test.hpp"

namespace hailstone::inference {

class TextContract : public EngineContract {
 protected:
  void SetUp() override {
    EngineContract::SetUp();
    if (IsSkipped()) return;
    model_ = load(GetParam().text.value());
    ASSERT_NE(model_->text(), nullptr);
  }

  static TextRequest chat(int max_tokens = 24) {
    const Message message = make_message(
        Role::kUser,
        "Tell me a long story about a small hailstone that wanted to become a big cloud and what "
        "the wind, the sun and the sea said to it on its way up and down again.");
    TextRequest request;
    request.prompt = ChatPrompt{{message}, {}};
    request.sampling.temperature = 0;
    request.sampling.seed = 7;
    request.max_tokens = max_tokens;
    return request;
  }

  struct Reply {
    std::vector<TextChunk> chunks;
    std::string text;
    TextResult result;
  };

  Reply generate(const TextRequest& request, RunContext run = {Deadline::in(kLong), {}}) {
    Reply reply;
    const auto on_chunk = [&](TextChunk&& chunk) {
      EXPECT_TRUE(is_valid_utf8(chunk.text));
      EXPECT_TRUE(is_valid_utf8(chunk.thinking));
      reply.text += chunk.text;
      reply.chunks.push_back(std::move(chunk));
    };
    reply.result = model_->text()->generate(request, on_chunk, run);
    return reply;
  }

  TextSession& text() { return *model_->text(); }

  std::unique_ptr<Model> model_;
};

TEST_P(TextContract, StreamsAReplyAndCountsItsTokens) {
  const Reply reply = generate(chat());
  EXPECT_GT(reply.chunks.size(), 1U) << "the reply came in one piece";
  EXPECT_FALSE(reply.text.empty());
  EXPECT_GT(reply.result.prompt_tokens, 0);
  EXPECT_LE(reply.result.cached_prompt_tokens, reply.result.prompt_tokens);
  EXPECT_GT(reply.result.generated_tokens, 0);
  EXPECT_LE(reply.result.generated_tokens, 24);
  EXPECT_GE(reply.result.prompt_time.count(), 0);
  EXPECT_GE(reply.result.generate_time.count(), 0);
}

TEST_P(TextContract, EndsForItsLengthAtTheLimit) {
  const Reply reply = generate(chat(3));
  EXPECT_EQ(reply.result.generated_tokens, 3);
  EXPECT_EQ(reply.result.finish, FinishReason::kLength);
}

TEST_P(TextContract, NeverShowsTheStopText) {
  const Reply whole = generate(chat());
  ASSERT_GT(whole.text.size(), 4U);
  const std::string_view second_half = utf8_prefix(whole.text, whole.text.size() / 2);
  TextRequest request = chat();
  const std::string rest = whole.text.substr(second_half.size());
  request.stop = {std::string(utf8_prefix(rest, 6)), "\x01never said\x01"};
  const Reply stopped = generate(request);
  EXPECT_EQ(stopped.text.find(request.stop[0]), std::string::npos);
  EXPECT_LT(stopped.text.size(), whole.text.size());
  EXPECT_EQ(stopped.result.finish, FinishReason::kStop);
}

TEST_P(TextContract, StopsWithinATokenWhenItIsCalledOff) {
  std::stop_source stop;
  int after_stop = 0;
  const auto on_chunk = [&](TextChunk&&) {
    if (stop.stop_requested()) ++after_stop;
    stop.request_stop();
  };
  const RunContext run{Deadline::in(kLong), stop.get_token()};
  EXPECT_EQ(code_of([&] { text().generate(chat(-1), on_chunk, run); }), ErrorCode::kCancelled);
  EXPECT_LE(after_stop, 1);
  EXPECT_EQ(code_of([&] { text().generate(chat(), on_chunk, run); }), ErrorCode::kCancelled);
  EXPECT_FALSE(generate(chat()).text.empty()) << "the model does not work any more";
}

TEST_P(TextContract, EndsAtItsDeadline) {
  const RunContext run{Deadline::in(std::chrono::milliseconds(500)), {}};
  const auto on_chunk = [&](TextChunk&&) {
    std::this_thread::sleep_for(run.deadline.remaining());  // a slow reader
  };
  EXPECT_EQ(code_of([&] { text().generate(chat(-1), on_chunk, run); }), ErrorCode::kTimeout);
  EXPECT_FALSE(generate(chat()).text.empty());
}

TEST_P(TextContract, WhatTheReaderThrowsComesOut) {
  struct ReaderIsGone {};
  int chunks = 0;
  const auto on_chunk = [&](TextChunk&&) {
    ++chunks;
    throw ReaderIsGone();
  };
  const RunContext run{Deadline::in(kLong), {}};
  EXPECT_THROW(text().generate(chat(-1), on_chunk, run), ReaderIsGone);
  EXPECT_EQ(chunks, 1);
  EXPECT_FALSE(generate(chat()).text.empty());
}

TEST_P(TextContract, RunsInParallel) {
  constexpr int kRuns = 4;
  std::vector<std::string> replies(kRuns);
  {
    std::vector<std::jthread> threads;
    threads.reserve(kRuns);
    for (auto& reply : replies) {
      threads.emplace_back([&] { reply = generate(chat()).text; });
    }
  }
  for (const auto& reply : replies) EXPECT_FALSE(reply.empty());
}

TEST_P(TextContract, RefusesAPromptLongerThanTheContext) {
  TextRequest request = chat();
  std::string endless;
  for (int i = 0; i < 2 * text().context_length(); ++i) endless += " word";
  request.prompt = RawPrompt{{}, endless, {}};
  EXPECT_EQ(code_of([&] { generate(request); }), ErrorCode::kTooLarge);
}

TEST_P(TextContract, ContinuesFromTheTokensOfAnEarlierTurn) {
  TextRequest request = chat(4);
  request.prompt = RawPrompt{{}, "Once upon a time there was", {}};
  const Reply first = generate(request);
  EXPECT_GE(static_cast<int>(first.result.tokens.size()), first.result.generated_tokens);
  request.prompt = RawPrompt{first.result.tokens, " and then", {}};
  const Reply second = generate(request);
  EXPECT_GT(second.result.prompt_tokens, first.result.prompt_tokens);
  EXPECT_GT(second.result.tokens.size(), first.result.tokens.size());
}

TEST_P(TextContract, TokenizesAndBack) {
  const RunContext run{Deadline::in(kLong), {}};
  const std::string sentence = "The hail falls,\nwet and cold.";
  const auto tokens = text().tokenize(sentence, run);
  EXPECT_FALSE(tokens.empty());
  const std::string back = text().detokenize(tokens, run);
  EXPECT_EQ(trim(back), sentence);  // some vocabularies put a space in front
  EXPECT_TRUE(text().tokenize("", run).empty());
  EXPECT_EQ(text().detokenize({}, run), "");
}

TEST_P(TextContract, AppliesTheChatTemplate) {
  const Message message = make_message(Role::kUser, "pomegranate");
  const RunContext run{Deadline::in(kLong), {}};
  EXPECT_THAT(text().apply_template({{message}, {}}, run), testing::HasSubstr("pomegranate"));
}

TEST_P(TextContract, GivesLogprobsWhereTheyAreWanted) {
  if (!GetParam().has_logprobs) GTEST_SKIP() << kNothingToTest;
  TextRequest request = chat(5);
  request.want_logprobs = true;
  request.top_logprobs = 2;
  std::vector<TokenLogprob> logprobs;
  for (const auto& chunk : generate(request).chunks) {
    logprobs.insert(logprobs.end(), chunk.logprobs.begin(), chunk.logprobs.end());
  }
  ASSERT_FALSE(logprobs.empty());
  for (const auto& logprob : logprobs) {
    EXPECT_LE(logprob.logprob, 1e-3);
    EXPECT_LE(logprob.top.size(), 2U);
  }
  for (const auto& chunk : generate(chat(2)).chunks) EXPECT_TRUE(chunk.logprobs.empty());
}

TEST_P(TextContract, EmbedsEachInputInTheSameSpace) {
  if (!GetParam().embedding) GTEST_SKIP() << kNothingToTest;
  const auto embedder = load(*GetParam().embedding);
  const RunContext run{Deadline::in(kLong), {}};
  const auto facts = engine_->describe(*GetParam().embedding, FactDetail::kBrief);
  const Embeddings embeddings = embedder->text()->embed({"rain", "snow and ice", "rain"}, run);
  ASSERT_EQ(embeddings.vectors.size(), 3U);
  EXPECT_GT(embeddings.prompt_tokens, 0);
  for (const auto& vector : embeddings.vectors) {
    EXPECT_EQ(static_cast<int>(vector.size()), facts.embedding_length);
  }
  EXPECT_THAT(embeddings.vectors[0],
              testing::Pointwise(testing::FloatNear(1e-3F), embeddings.vectors[2]));
  EXPECT_NE(embeddings.vectors[0], embeddings.vectors[1]);
}

TEST_P(TextContract, RanksEachDocumentForItself) {
  if (!GetParam().ranking) GTEST_SKIP() << kNothingToTest;
  const auto ranker = load(*GetParam().ranking);
  const RunContext run{Deadline::in(kLong), {}};
  const Ranking ranking = ranker->text()->rank("rain", {"rain", "snow and ice", "rain"}, run);
  ASSERT_EQ(ranking.scores.size(), 3U);
  EXPECT_GT(ranking.prompt_tokens, 0);
  EXPECT_NEAR(ranking.scores[0], ranking.scores[2], 1e-3);
  EXPECT_NE(ranking.scores[0], ranking.scores[1]);
  EXPECT_TRUE(ranker->text()->rank("rain", {}, run).scores.empty());
}

/// For text models that live in child processes of ours.
class ProcessContract : public TextContract {};

TEST_P(ProcessContract, AKilledProcessIsAnHonestErrorAndTheNextLoadWorks) {
  const auto on_chunk = [](TextChunk&&) { kill_child_processes(); };
  const RunContext run{Deadline::in(kLong), {}};
  // Noise, which hardly ever ends by itself: a real reply may be over before the process is killed.
  auto noise = chat(-1);
  noise.sampling.temperature = 100;
  noise.sampling.top_k = 0;
  noise.sampling.top_p = 1;
  EXPECT_EQ(code_of([&] { text().generate(noise, on_chunk, run); }), ErrorCode::kEngineFailed);
  EXPECT_TRUE(comes_true([&] { return !model_->alive(); }));
  EXPECT_EQ(code_of([&] { text().generate(chat(), on_chunk, run); }), ErrorCode::kEngineFailed);
  model_ = load(*GetParam().text);
  EXPECT_FALSE(generate(chat()).text.empty());
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TextContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ProcessContract);

}  // namespace hailstone::inference
