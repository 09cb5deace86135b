// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/error.hpp"
#include "engines/llama/engine.hpp"
#include "engines/llama/testing/micro_gguf.hpp"
#include "inference/text_session.hpp"

// The engine with a stand-in for llama-server that is ill in a way that a test asks for.

namespace hailstone::engines::llama {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class LlamaStall : public ::testing::Test {
 protected:
  void load(const std::string& illness, StallLimits limits) {
    engine_ = make_llama_engine({.server = HAILSTONE_STAND_IN_SERVER, .stall = limits});
    file_ = std::make_unique<testing::TempFile>(illness + ".gguf", testing::micro_gguf());
    inference::ModelSpec spec;
    spec.weights = file_->path();
    model_ = engine_->load(spec, {}, {Deadline::in(60s), {}});
  }

  inference::TextResult generate() {
    inference::TextRequest request;
    request.prompt = inference::RawPrompt{{}, "a b c", {}};
    const auto keep = [this](inference::TextChunk&& chunk) {
      ++chunks_;
      text_ += chunk.text;
    };
    return model_->text()->generate(request, keep, {Deadline::in(60s), {}});
  }

  std::string failure() {
    try {
      generate();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
      return error.what();
    }
    return "it did not fail";
  }

  std::unique_ptr<inference::Engine> engine_;
  std::unique_ptr<testing::TempFile> file_;
  std::unique_ptr<inference::Model> model_;
  int chunks_ = 0;
  std::string text_;
};

TEST_F(LlamaStall, AServerThatDoesNothingWithAPromptIsKilled) {
  load("hang", {.idle = 500ms, .silent = 1h});
  EXPECT_THAT(failure(), HasSubstr("it did nothing for 500ms"));
  EXPECT_FALSE(model_->alive());
}

TEST_F(LlamaStall, SoIsOneThatOnlyComputes) {
  load("spin", {.idle = 1h, .silent = 1s});
  EXPECT_THAT(failure(), HasSubstr("it computed for 1s and said nothing"));
  EXPECT_FALSE(model_->alive());
}

TEST_F(LlamaStall, ALongPromptOfWhichItTellsTakesItsTime) {
  load("toil", {.idle = 2s, .silent = 3s});  // the prompt takes five
  const auto result = generate();
  EXPECT_EQ(text_, "done");
  EXPECT_EQ(chunks_, 11) << "the batches are signs of life";
  EXPECT_EQ(result.tokens, (std::vector<inference::TokenId>{1, 2, 3, 7}));
  EXPECT_TRUE(model_->alive());
}

TEST_F(LlamaStall, SoIsOneThatComputesForSomebodyWhoHasLeft) {
  load("spin", {.idle = 1h, .silent = 1h, .unasked = 300ms});
  std::stop_source stop;
  std::jthread leaves([&] {
    pause(200ms, {});
    stop.request_stop();
  });
  inference::TextRequest request;
  request.prompt = inference::RawPrompt{{}, "a b c", {}};
  EXPECT_THROW(model_->text()->generate(request, [](inference::TextChunk&&) {},
                                        {Deadline::in(60s), stop.get_token()}),
               Error);
  for (int i = 0; i < 1000 && model_->alive(); ++i) pause(10ms, {});
  EXPECT_FALSE(model_->alive());
}

TEST_F(LlamaStall, AServerForWhichNobodyWaitsMayRest) {
  load("hang", {.idle = 100ms, .silent = 200ms});
  for (int i = 0; i < 3; ++i) {
    pause(300ms, {});
    EXPECT_EQ(model_->text()->tokenize("a", {Deadline::in(60s), {}}).size(), 3U);
  }
}

}  // namespace
}  // namespace hailstone::engines::llama
