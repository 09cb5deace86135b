// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// The engine in its shared host, with a chip that misbehaves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "engines/hailo/testing/stand_in.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::Model;
using inference::Tensor;
using testing::HasSubstr;
using namespace std::chrono_literals;

RunContext soon() {
  return {Deadline::in(60s), {}};
}

std::vector<Tensor> black() {
  return {{{"images", inference::ElementType::kUint8, {1, 64, 64, 3}},
           std::vector<std::byte>(64 * 64 * 3)}};
}

inference::TextRequest chat(const std::string& text, int most = 12) {
  inference::TextRequest request;
  request.prompt = inference::ChatPrompt{{make_message(inference::Role::kUser, text)}, {}};
  request.max_tokens = most;
  return request;
}

std::optional<Error> error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

class HailoHosted : public testing::Test {
 protected:
  std::unique_ptr<Model> load(const inference::ModelSpec& spec) {
    return engine_->load(spec, {}, soon());
  }
  std::string say(Model& model, const inference::TextRequest& request) {
    std::string text;
    model.text()->generate(
        request, [&](inference::TextChunk&& chunk) { text += chunk.text; }, soon());
    return text;
  }
  /// A model that works again, after the host was started anew as often as it takes.
  std::unique_ptr<Model> load_again(const inference::ModelSpec& spec) {
    const Deadline limit = Deadline::in(60s);
    for (;;) {
      std::unique_ptr<Model> model;
      const auto error = error_of([&] { model = load(spec); });
      if (!error) return model;
      if (limit.has_passed()) throw Error(*error);
      std::this_thread::sleep_for(50ms);
    }
  }

  StandInProgram program_;
  std::unique_ptr<hosting::HostedEngine> engine_ = make_hosted_stand_in(&program_);
  const inference::ModelSpec detector_ = stand_in_model("detector", kDetector);
  const inference::ModelSpec writer_ = stand_in_model("writer", "kind = llm\nload_ms = 5\n");
};

TEST_F(HailoHosted, SaysWhatItIsWithoutTakingTheChip) {
  program_.say("fail.create_vdevice = 74\n");
  const auto state = engine_->probe();
  EXPECT_TRUE(state.usable);
  EXPECT_EQ(state.version, "5.4.0 (stand-in)");
  EXPECT_GT(state.npu_memory, ByteSize::gib(7));
}

TEST_F(HailoHosted, NoChipAndMismatchedVersionsAreReasons) {
  program_.say("devices = 0\n");
  EXPECT_THAT(engine_->probe().reason, HasSubstr("finds no Hailo"));
  program_.say("fail.scan = 76\n");
  const auto other = make_hosted_stand_in(&program_);
  EXPECT_FALSE(other->probe().usable);
  EXPECT_THAT(other->probe().reason, HasSubstr("library, kernel driver and firmware"));
}

TEST_F(HailoHosted, SeesWhatTheChipFinds) {
  const auto model = load(detector_);
  const auto outputs = model->tensor()->run(black(), soon());
  ASSERT_EQ(outputs.size(), 1U);
  const auto* const values = reinterpret_cast<const float*>(outputs[0].data.data());
  EXPECT_EQ(values[2], 1.0F) << "one box of the third class";
  EXPECT_EQ(values[7], 0.9F);
  EXPECT_EQ(model->footprint().npu, ByteSize::mib(20)) << "as the chip's own figures say";
}

TEST_F(HailoHosted, AChipThatIsTakenIsBusyAndOneThatIsFreedIsOpened) {
  program_.say("fail.create_vdevice = 74\n");
  const auto error = error_of([&] { engine_->load(detector_, {}, {Deadline::in(2s), {}}); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kBusy);
  EXPECT_THAT(error->detail(), HasSubstr("hailo-ollama"));
  program_.say("fail.create_vdevice = 74 x 1\n");
  EXPECT_NO_THROW(load(detector_));
}

TEST_F(HailoHosted, ASecondModelThatWritesFindsItsPlaceTaken) {
  const auto first = load(writer_);
  const auto error = error_of([&] { load(stand_in_model("other", "kind = llm\nload_ms = 5\n")); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kBusy);
  EXPECT_THAT(error->what(), HasSubstr("holds a language model"));
  EXPECT_FALSE(say(*first, chat("still there")).empty()) << "the first one suffered";
}

TEST_F(HailoHosted, AFullChipSaysSo) {
  program_.say("memory_mib = 310\n");
  const auto error = error_of([&] { load(writer_); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kOutOfMemory);
}

TEST_F(HailoHosted, AHefOfAnotherChipIsRefused) {
  const auto error = error_of([&] { load(stand_in_model("old", "chip = hailo8\n")); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(error->what(), HasSubstr("HAILO8"));
}

TEST_F(HailoHosted, WritingHearingAndSeeingGoOnBesideEachOther) {
  const auto writer = load(writer_);
  const auto ears = load(stand_in_model("ears", "kind = whisper\nsecond_ms = 5\n"));
  const auto eyes = load(detector_);
  std::vector<std::jthread> clients;
  std::atomic<int> failures{0};
  const auto repeat = [&](const std::function<void()>& action) {
    clients.emplace_back([&failures, action] {
      for (int i = 0; i < 10; ++i) failures += error_of(action) ? 1 : 0;
    });
  };
  for (int i = 0; i < 3; ++i) {
    repeat([&] { eyes->tensor()->run(black(), soon()); });
    repeat([&] { say(*writer, chat("tell me")); });
    repeat([&] {
      inference::HearRequest request;
      request.audio = {16'000, std::vector<float>(16'000, 0.1F)};
      ears->hear()->hear(request, {}, soon());
    });
  }
  clients.clear();
  EXPECT_EQ(failures, 0) << "the stand-in refuses calls that overlap";
}

TEST_F(HailoHosted, ALongReplyGivesWayToWhoWantsToBeHeardAndGoesOn) {
  program_.say("token_ms = 40\n");
  const auto writer = load(writer_);
  const auto ears = load(stand_in_model("ears", "kind = whisper\nsecond_ms = 5\n"));
  std::string words = "say w0";
  for (int i = 1; i < 140; ++i) words += " w" + std::to_string(i);
  std::string reply;
  std::atomic<bool> has_ended{false};
  std::jthread talk([&] {
    reply = say(*writer, chat(words, 400));
    has_ended = true;
  });
  inference::HearRequest request;
  request.audio = {16'000, std::vector<float>(16'000, 0.1F)};
  std::this_thread::sleep_for(300ms);  // so that it comes in the midst of the reply
  EXPECT_FALSE(ears->hear()->hear(request, {}, soon()).segments.empty());
  EXPECT_FALSE(has_ended) << "it had to wait for the whole reply";
  talk.join();
  EXPECT_EQ(reply, words.substr(4));
}

TEST_F(HailoHosted, ASecondTurnGoesOnInTheSameContext) {
  const auto writer = load(writer_);
  auto request = chat("say one", 50);
  const auto first = writer->text()->generate(
      request, [](auto&&) {}, soon());
  EXPECT_EQ(first.cached_prompt_tokens, 0);
  auto& messages = std::get<inference::ChatPrompt>(request.prompt).messages;
  messages.push_back(make_message(inference::Role::kAssistant, "one"));
  messages.push_back(make_message(inference::Role::kUser, "say two"));
  std::string text;
  const auto second = writer->text()->generate(
      request, [&](inference::TextChunk&& chunk) { text += chunk.text; }, soon());
  EXPECT_GE(second.cached_prompt_tokens, first.prompt_tokens);
  EXPECT_EQ(text, "two") << "end tokens are shown, or the context is confused";
}

TEST_F(HailoHosted, NeverOverflowsTheContext) {
  const auto small = load(stand_in_model("small", "kind = llm\ncontext = 64\nload_ms = 5\n"));
  auto request = chat("tell me a lot", -1);
  const auto result = small->text()->generate(
      request, [](auto&&) {}, soon());
  EXPECT_EQ(result.finish, inference::FinishReason::kLength);
  EXPECT_LE(result.prompt_tokens + result.generated_tokens, 64);
  request.max_tokens = 1000;
  EXPECT_NO_THROW(small->text()->generate(
      request, [](auto&&) {}, soon()));
}

TEST_F(HailoHosted, PartsOfATextAreFoundByTheirTokens) {
  const auto writer = load(writer_);
  const std::string text = "one two three four";
  const auto tokens = writer->text()->tokenize(text, soon());
  ASSERT_EQ(tokens.size(), 4U);
  EXPECT_EQ(writer->text()->detokenize({tokens.begin(), tokens.begin() + 2}, soon()), "one two");
  EXPECT_EQ(writer->text()->detokenize({tokens.begin() + 3, tokens.end()}, soon()), " four");
  EXPECT_TRUE(error_of([&] { writer->text()->detokenize({1, 2, 3}, soon()); }));
}

TEST_F(HailoHosted, CallsToolsAndTellsThoughts) {
  const auto writer = load(stand_in_model(
      "thinker",
      "kind = llm\nload_ms = 5\ntemplate = <|im_start|> </think>\n"
      "reply = "
      "<think>\\nhm\\n</think>\\n\\n<tool_call>\\n{\"name\":\"f\",\"arguments\":{}}\\n</"
      "tool_call>\n"));
  auto request = chat("go", 100);
  std::get<inference::ChatPrompt>(request.prompt).tools = {{"f", "", "{}"}};
  std::string thoughts;
  std::vector<inference::ToolCallPiece> calls;
  writer->text()->generate(
      request,
      [&](inference::TextChunk&& chunk) {
        thoughts += chunk.thinking;
        for (auto& call : chunk.tool_calls) calls.push_back(call);
      },
      soon());
  EXPECT_EQ(thoughts, "hm\n");
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].name, "f");
}

TEST_F(HailoHosted, AChipThatIsLostIsAnHonestErrorAndComesBack) {
  auto writer = load(writer_);
  auto eyes = load(detector_);
  program_.say("fail.read = 62\n");
  const auto error = error_of([&] { say(*writer, chat("hello")); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(error->what(), HasSubstr("the Hailo was lost"));
  program_.say("");
  writer = load_again(writer_);
  EXPECT_FALSE(say(*writer, chat("hello")).empty());
  eyes = load_again(detector_);
  EXPECT_NO_THROW(eyes->tensor()->run(black(), soon()));
}

TEST_F(HailoHosted, AFrameThatFailsOnTheChipEndsItsModelAlone) {
  const auto eyes = load(detector_);
  const auto writer = load(writer_);
  program_.say("fail.frame = 8\n");
  EXPECT_TRUE(error_of([&] { eyes->tensor()->run(black(), soon()); }));
  program_.say("");
  EXPECT_FALSE(eyes->alive()) << "HailoRT wants it opened anew";
  EXPECT_TRUE(writer->alive());
  EXPECT_FALSE(say(*writer, chat("hello")).empty());
  EXPECT_NO_THROW(load(detector_)->tensor()->run(black(), soon()));
}

TEST_F(HailoHosted, AKilledHostCostsItsRequestsAnErrorAndNothingElse) {
  auto writer = load(writer_);
  const auto error = error_of([&] {
    writer->text()->generate(
        chat("long", -1),
        [&](auto&&) {
          for (const pid_t child : hosts_of_this_process()) ::kill(child, SIGKILL);
        },
        soon());
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kEngineFailed);
  writer = load_again(writer_);
  EXPECT_FALSE(say(*writer, chat("hello")).empty());
}

TEST_F(HailoHosted, ARequestThatIsCalledOffWhileAFrameHangsEndsAtOnce) {
  const auto eyes = load(detector_);
  program_.say("hang.frame = 1\n");
  const auto error = error_of([&] { eyes->tensor()->run(black(), {Deadline::in(200ms), {}}); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kTimeout);
  program_.say("");
  EXPECT_NO_THROW(eyes->tensor()->run(black(), soon()));
}

TEST_F(HailoHosted, TheTemperatureIsOptional) {
  const auto eyes = load(detector_);
  const Deadline limit = Deadline::in(60s);
  while (!engine_->chip_temperature() && !limit.has_passed()) std::this_thread::sleep_for(20ms);
  ASSERT_TRUE(engine_->chip_temperature());
  EXPECT_EQ(engine_->chip_temperature()->degrees, 47.5);
}

}  // namespace
}  // namespace hailstone::engines::hailo
