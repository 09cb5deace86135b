// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "base/error.hpp"
#include "services/speech/wake/features.hpp"
#include "services/speech/wake/trigger.hpp"
#include "services/speech/wake/wire_wake.hpp"

namespace hailstone::wake {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Gives what a function makes of its input; keeps the shapes that came.
class ScriptedNetwork final : public inference::TensorSession {
 public:
  using Function = std::function<std::vector<float>(const std::vector<std::int64_t>& shape,
                                                    const std::vector<float>& values)>;
  explicit ScriptedNetwork(Function function) : function_(std::move(function)) {}

  std::vector<TensorInfo> inputs() const override {
    return {{"input", ElementType::kFloat32, {-1, -1}}};
  }
  std::vector<TensorInfo> outputs() const override {
    return {{"output", ElementType::kFloat32, {-1}}};
  }
  std::vector<Tensor> run(const std::vector<Tensor>& inputs, const RunContext&) override {
    const auto& data = inputs.at(0).data;
    std::vector<float> values(data.size() / sizeof(float));
    std::memcpy(values.data(), data.data(), data.size());
    shapes.push_back(inputs.at(0).info.shape);
    auto result = function_(shapes.back(), values);
    return {{{"output", ElementType::kFloat32, {static_cast<std::int64_t>(result.size())}},
             std::move(result)}};
  }

  std::vector<std::vector<std::int64_t>> shapes;

 private:
  Function function_;
};

/// Each frame is the loudest of its samples; an embedding is the sum of the last frame's first
/// band.
struct Front {
  ScriptedNetwork mel{[](const auto& shape, const auto& values) {
    const auto frames = static_cast<std::size_t>((shape[1] + 159) / 160 - 3);
    return std::vector<float>(frames * 32, *std::max_element(values.begin(), values.end()));
  }};
  ScriptedNetwork embedding{[](const auto& shape, const auto& values) {
    std::vector<float> out;
    for (std::int64_t i = 1; i <= shape[0]; ++i) {
      out.insert(out.end(), 96, values[static_cast<std::size_t>(i * 76 * 32 - 1)]);
    }
    return out;
  }};
};

TEST(Features, LookAtTheLastMomentsOfSound) {
  Front front;
  Features features;
  const std::vector<float> step(kStep, 0.5F);
  features.push(step, {front.mel, front.embedding}, {});
  // The noise before: 196 frames and 16 looks at them; then a first step without what was before.
  EXPECT_THAT(front.mel.shapes, ElementsAre(ElementsAre(1, 199 * 160), ElementsAre(1, 1280)));
  EXPECT_THAT(front.embedding.shapes,
              ElementsAre(ElementsAre(16, 76, 32, 1), ElementsAre(1, 76, 32, 1)));
  features.push(step, {front.mel, front.embedding}, {});
  EXPECT_THAT(front.mel.shapes.back(), ElementsAre(1, 1280 + 480));
  ASSERT_EQ(features.window().size(), kWindowLength * kEmbeddingSize);
  const auto newest = std::span<const float>(features.window()).last(2 * kEmbeddingSize);
  EXPECT_THAT(newest, Each(0.5F * 32768 / 10 + 2));
  EXPECT_NE(features.window().front(), newest.front());
}

TEST(Features, RefuseNetworksThatAreOthers) {
  Front front;
  ScriptedNetwork other([](const auto&, const auto&) { return std::vector<float>(3); });
  Features features;
  const std::vector<float> step(kStep);
  EXPECT_THROW(features.push(step, {other, front.embedding}, {}), Error);
  EXPECT_THROW(features.push(step, {front.mel, other}, {}), Error);
}

TEST(Trigger, CallsOnceForEachWord) {
  Trigger trigger({});
  int calls = 0;
  std::uint64_t at = 0;
  for (const float score : {0.1F, 0.6F, 0.9F, 0.8F, 0.2F}) {
    calls += trigger.push(score, at += kStep) ? 1 : 0;
  }
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(trigger.push(0.9F, 1 * 16'000));
  EXPECT_TRUE(trigger.push(0.9F, 3 * 16'000));
}

TEST(Trigger, MayBePatient) {
  Trigger trigger({0.5F, 3, std::chrono::milliseconds(0)});
  EXPECT_FALSE(trigger.push(0.9F, 1));
  EXPECT_FALSE(trigger.push(0.9F, 2));
  EXPECT_FALSE(trigger.push(0.4F, 3)) << "not in a row";
  EXPECT_FALSE(trigger.push(0.9F, 4));
  EXPECT_FALSE(trigger.push(0.5F, 5));
  EXPECT_TRUE(trigger.push(0.9F, 6));
  EXPECT_FALSE(trigger.push(0.9F, 7));
}

TEST(WakeWire, ReadsItsQuery) {
  const auto request = parse_wake({{"words", "hey_jarvis, alexa"},
                                   {"threshold", "0.7"},
                                   {"patience", "3"},
                                   {"refractory_ms", "500"},
                                   {"sample_rate", "48000"},
                                   {"scores", "true"}});
  EXPECT_THAT(request.words, ElementsAre("hey_jarvis", "alexa"));
  EXPECT_FLOAT_EQ(request.options.threshold, 0.7F);
  EXPECT_EQ(request.options.patience, 3);
  EXPECT_EQ(request.options.refractory, std::chrono::milliseconds(500));
  EXPECT_EQ(request.sample_rate, 48'000);
  EXPECT_TRUE(request.want_scores);
  EXPECT_THROW(parse_wake({{"threshold", "0"}}), Error);
  EXPECT_THROW(parse_stop(R"({"type":"start"})"), Error);
  EXPECT_NO_THROW(parse_stop(R"({"type":"stop"})"));
}

TEST(WakeWire, WritesItsMessages) {
  EXPECT_EQ(write_detected({"a-b", "b"}, {0, 24'000, 0.5F}),
            R"({"type":"detected","word":"a-b","phrase":"b","score":0.5,"at":1.5})");
  const std::vector<float> scores{0.25F};
  EXPECT_EQ(write_scores({{"a", "b"}}, 1280, scores),
            R"({"type":"scores","at":0.08,"scores":{"a":0.25}})");
  EXPECT_EQ(write_words({{"a", "b"}}), R"({"words":[{"name":"a","phrase":"b"}]})");
}

}  // namespace
}  // namespace hailstone::wake
