// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/sound/silero_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.hpp"

namespace hailstone::sound {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;

/// Counts its runs in its memory, and answers a tenth for each.
class CountingNetwork final : public inference::TensorSession {
 public:
  CountingNetwork(std::vector<TensorInfo> inputs, std::vector<TensorInfo> outputs)
      : inputs_(std::move(inputs)), outputs_(std::move(outputs)) {}
  std::vector<TensorInfo> inputs() const override { return inputs_; }
  std::vector<TensorInfo> outputs() const override { return outputs_; }

  std::vector<Tensor> run(const std::vector<Tensor>& given, const RunContext&) override {
    last = given;
    std::vector<Tensor> out;
    for (const auto& info : outputs_) {
      if (info.name == "output") {
        out.push_back({info, std::vector<float>{count(given) / 10}});
      } else {
        out.push_back({info, std::vector<float>(256, count(given))});
      }
    }
    return out;
  }
  std::vector<float> floats(std::size_t input) const {
    std::vector<float> values(last.at(input).data.size() / sizeof(float));
    std::memcpy(values.data(), last.at(input).data.data(), last.at(input).data.size());
    return values;
  }

  std::vector<Tensor> last;

 private:
  static float count(const std::vector<Tensor>& given) {
    float value = 0;
    std::memcpy(&value, given.at(1).data.data(), sizeof(value));
    return value + 1;
  }
  const std::vector<TensorInfo> inputs_;
  const std::vector<TensorInfo> outputs_;
};

TensorInfo floats(const char* name) {
  return {name, ElementType::kFloat32, {-1, -1}};
}

TEST(SileroDetector, Version5SeesTheEndOfTheWindowBeforeAndItsMemory) {
  CountingNetwork network({floats("input"), floats("state"), {"sr", ElementType::kInt64, {}}},
                          {floats("output"), floats("stateN")});
  const auto detector = make_silero_detector(network, {});
  std::vector<float> window(detector->window());
  for (std::size_t i = 0; i < window.size(); ++i) window[i] = static_cast<float>(i);
  EXPECT_FLOAT_EQ(detector->judge(window), 0.1F);
  EXPECT_EQ(network.last[0].info.shape, (std::vector<std::int64_t>{1, 576}));
  EXPECT_EQ(network.last[1].info.shape, (std::vector<std::int64_t>{2, 1, 128}));
  EXPECT_EQ(network.floats(0)[63], 0) << "nothing came before";
  EXPECT_FLOAT_EQ(detector->judge(window), 0.2F);
  EXPECT_EQ(network.floats(0)[63], 511);
  EXPECT_EQ(network.floats(0)[64], 0);
  detector->reset();
  EXPECT_FLOAT_EQ(detector->judge(window), 0.1F);
  EXPECT_EQ(network.floats(0)[63], 0);
}

TEST(SileroDetector, Version4HasTwoMemoriesAndNoContext) {
  CountingNetwork network(
      {floats("input"), floats("h"), floats("c"), {"sr", ElementType::kInt64, {}}},
      {floats("output"), floats("hn"), floats("cn")});
  const auto detector = make_silero_detector(network, {});
  detector->judge(std::vector<float>(512));
  EXPECT_EQ(network.last[0].info.shape, (std::vector<std::int64_t>{1, 512}));
  EXPECT_EQ(network.last[2].info.shape, (std::vector<std::int64_t>{2, 1, 64}));
}

TEST(SileroDetector, AnotherNetworkIsRefused) {
  CountingNetwork network({floats("images")}, {floats("output0")});
  EXPECT_THROW(make_silero_detector(network, {}), Error);
}

}  // namespace
}  // namespace hailstone::sound
