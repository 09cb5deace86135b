// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/inference_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/error.hpp"
#include "core/runtime/watched_model.hpp"
#include "inference/audio_pipe.hpp"
#include "inference/read_session.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"
#include "support/manual_clock.hpp"

namespace hailstone::core {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test_support::ManualClock;
using testing::ElementsAre;
using testing::IsEmpty;

struct Watched {
  ManualClock clock;
  InferenceWatch watch{minutes(10), clock};

  std::unique_ptr<InferenceWatch::Run> begin(const std::string& model,
                                             Deadline deadline = Deadline::never()) {
    return std::make_unique<InferenceWatch::Run>(watch, "fake", model, deadline);
  }
};

TEST(InferenceWatch, KnowsNothingAtFirst) {
  const Watched test;
  const auto figures = test.watch.figures();
  EXPECT_EQ(figures.running, 0);
  EXPECT_THAT(figures.stuck, IsEmpty());
  EXPECT_TRUE(figures.since_success.empty());
}

TEST(InferenceWatch, ASilentRunIsStuckAfterItsTime) {
  Watched test;
  auto silent = test.begin("silent");
  const auto lively = test.begin("lively");
  test.clock.advance(minutes(9));
  lively->resume();
  EXPECT_THAT(test.watch.figures().stuck, IsEmpty());
  test.clock.advance(minutes(1));
  EXPECT_THAT(test.watch.figures().stuck, ElementsAre("silent"));
  EXPECT_EQ(test.watch.figures().longest_silence, minutes(10));
  EXPECT_EQ(test.watch.figures().running, 2);
  silent.reset();
  EXPECT_THAT(test.watch.figures().stuck, IsEmpty());
  EXPECT_EQ(test.watch.figures().running, 1);
}

TEST(InferenceWatch, TheTimeThatAClientTakesDoesNotCount) {
  Watched test;
  const auto run = test.begin("m");
  run->pause();
  test.clock.advance(minutes(60));
  EXPECT_THAT(test.watch.figures().stuck, IsEmpty());
  EXPECT_EQ(test.watch.figures().longest_silence.count(), 0);
  run->resume();
  test.clock.advance(minutes(9));
  EXPECT_THAT(test.watch.figures().stuck, IsEmpty());
}

TEST(InferenceWatch, ARunThatOutlivesItsDeadlineIsStuckHoweverLively) {
  Watched test;
  const auto run = test.begin("late", Deadline::at(test.clock.now() + seconds(30)));
  test.clock.advance(seconds(59));
  run->resume();
  EXPECT_THAT(test.watch.figures().stuck, IsEmpty());
  test.clock.advance(seconds(1));
  run->resume();
  EXPECT_THAT(test.watch.figures().stuck, ElementsAre("late"));
}

TEST(InferenceWatch, TellsTheAgeOfTheLastSuccessByEngine) {
  Watched test;
  test.begin("failed");
  EXPECT_TRUE(test.watch.figures().since_success.empty());
  test.begin("m")->succeed();
  test.clock.advance(seconds(7));
  EXPECT_EQ(test.watch.figures().since_success.at("fake"), seconds(7));
}

/// Calls back with one piece, unless it is told to fail.
class OneOfEach final : public inference::TextSession,
                        public inference::TensorSession,
                        public inference::HearSession,
                        public inference::SaySession,
                        public inference::ReadSession {
 public:
  std::function<void()> inside = [] {};

  inference::TextResult generate(const inference::TextRequest&,
                                 const inference::OnTextChunk& on_chunk,
                                 const RunContext&) override {
    inside();
    on_chunk({.text = "hi", .thinking = {}, .tool_calls = {}, .logprobs = {}});
    return {};
  }
  inference::Embeddings embed(const std::vector<std::string>&, const RunContext&) override {
    inside();
    return {{{1}}, 1};
  }
  std::vector<inference::TokenId> tokenize(const std::string&, const RunContext&) override {
    inside();
    return {1};
  }
  std::string detokenize(const std::vector<inference::TokenId>&, const RunContext&) override {
    inside();
    return "d";
  }
  std::string apply_template(const inference::ChatPrompt&, const RunContext&) override {
    inside();
    return "t";
  }
  int context_length() const noexcept override { return 42; }

  std::vector<inference::TensorInfo> inputs() const override { return {{"in", {}, {1}}}; }
  std::vector<inference::TensorInfo> outputs() const override { return {{"out", {}, {1}}}; }
  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext&) override {
    inside();
    return inputs;
  }
  inference::HearResult hear(const inference::HearRequest&, const inference::OnHeard& on_heard,
                             const RunContext&) override {
    inside();
    on_heard({});
    return {};
  }
  inference::HearResult listen(const inference::HearOptions&, inference::AudioSource& source,
                               const inference::OnHeard& on_heard, const RunContext& run) override {
    source.take(Deadline::never(), run);
    return hear({}, on_heard, run);
  }
  void say(const inference::SayRequest&, const inference::OnAudio& on_audio,
           const RunContext&) override {
    inside();
    on_audio({});
  }
  std::vector<inference::Voice> voices() const override { return {{"anna"}}; }
  std::vector<inference::ReadLine> read(const media::Image&, const std::string&,
                                        const RunContext&) override {
    inside();
    return {};
  }
};

class TestModel final : public inference::Model {
 public:
  explicit TestModel(OneOfEach* sessions) : sessions_(sessions) {}
  inference::TensorSession* tensor() noexcept override { return sessions_; }
  inference::TextSession* text() noexcept override { return sessions_; }
  inference::HearSession* hear() noexcept override { return sessions_; }
  inference::SaySession* say() noexcept override { return sessions_; }
  inference::ReadSession* read() noexcept override { return sessions_; }
  bool alive() const noexcept override { return true; }
  inference::Footprint footprint() const override { return {ByteSize::bytes(5), {}}; }

 private:
  OneOfEach* sessions_;
};

inference::ModelSpec spec() {
  inference::ModelSpec made;
  made.name = "m";
  made.engine = "fake";
  return made;
}

/// Every kind of run, with what the client does when it gets a piece.
std::vector<std::function<void(inference::Model&, std::function<void()>)>> runs() {
  using inference::Model;
  using Take = std::function<void()>;
  return {
      [](Model& m, const Take& take) {
        m.text()->generate({}, [&](inference::TextChunk&&) { take(); }, {});
      },
      [](Model& m, const Take&) { m.text()->embed({"x"}, {}); },
      [](Model& m, const Take&) { m.tensor()->run({}, {}); },
      [](Model& m, const Take& take) {
        m.hear()->hear({}, [&](inference::HearEvent&&) { take(); }, {});
      },
      [](Model& m, const Take& take) {
        inference::AudioPipe pipe(16'000, 1);
        pipe.finish();
        m.hear()->listen({}, pipe, [&](inference::HearEvent&&) { take(); }, {});
      },
      [](Model& m, const Take& take) { m.say()->say({}, [&](media::Pcm&&) { take(); }, {}); },
      [](Model& m, const Take&) { m.read()->read({}, "", {}); },
  };
}

TEST(WatchedModel, NotesEveryKindOfRun) {
  for (const auto& run : runs()) {
    Watched test;
    OneOfEach sessions;
    const auto model = watch_model(std::make_unique<TestModel>(&sessions), spec(), test.watch);
    int running = 0;
    sessions.inside = [&] {
      running = test.watch.figures().running;
      test.clock.advance(minutes(10));
      EXPECT_THAT(test.watch.figures().stuck, ElementsAre("m"));
    };
    run(*model, [&] { EXPECT_THAT(test.watch.figures().stuck, IsEmpty()) << "the client's turn"; });
    EXPECT_EQ(running, 1);
    EXPECT_EQ(test.watch.figures().running, 0);
    EXPECT_EQ(test.watch.figures().since_success.count("fake"), 1U);
  }
}

TEST(WatchedModel, AFailedRunIsNoSuccess) {
  for (const auto& run : runs()) {
    Watched test;
    OneOfEach sessions;
    const auto model = watch_model(std::make_unique<TestModel>(&sessions), spec(), test.watch);
    sessions.inside = [] { throw Error(ErrorCode::kEngineFailed, "it crashed"); };
    EXPECT_THROW(run(*model, [] {}), Error);
    EXPECT_EQ(test.watch.figures().running, 0);
    EXPECT_TRUE(test.watch.figures().since_success.empty());
  }
}

TEST(WatchedModel, PassesEverythingElseThrough) {
  Watched test;
  OneOfEach sessions;
  const auto model = watch_model(std::make_unique<TestModel>(&sessions), spec(), test.watch);
  EXPECT_EQ(model->text()->context_length(), 42);
  EXPECT_EQ(model->text()->detokenize({}, {}), "d");
  EXPECT_EQ(model->text()->apply_template({}, {}), "t");
  EXPECT_THAT(model->text()->tokenize("", {}), ElementsAre(1));
  EXPECT_EQ(model->tensor()->inputs()[0].name, "in");
  EXPECT_EQ(model->tensor()->outputs()[0].name, "out");
  EXPECT_THAT(model->say()->voices(), ElementsAre(inference::Voice{"anna"}));
  EXPECT_EQ(model->footprint().host, ByteSize::bytes(5));
  EXPECT_TRUE(model->alive());
  EXPECT_TRUE(test.watch.figures().since_success.empty()) << "none of these is inference";
  const auto none = watch_model(std::make_unique<TestModel>(nullptr), spec(), test.watch);
  EXPECT_EQ(none->text(), nullptr);
  EXPECT_EQ(none->read(), nullptr);
}

}  // namespace
}  // namespace hailstone::core
