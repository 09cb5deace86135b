// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/model_spec.hpp"

#include <gtest/gtest.h>

namespace hailstone::inference {
namespace {

TEST(ModelSpec, AFurtherNetworkHasOnlyItsOwnSettings) {
  ModelSpec spec;
  spec.name = "reader:latest";
  spec.engine = "onnx";
  spec.weights = "/m/detector";
  spec.networks = {{"recogniser", "/m/recogniser"}, {"text-encoder", "/m/encoder"}};
  spec.settings = {{"input", "1"}, {"input.recogniser", "2"}, {"input.text-encoder", "3"}};
  const ModelSpec network = network_spec(spec, "recogniser");
  EXPECT_EQ(network.name, "reader:latest (recogniser)");
  EXPECT_EQ(network.engine, "onnx");
  EXPECT_EQ(network.weights, "/m/recogniser");
  EXPECT_EQ(network.settings, (std::map<std::string, std::string>{{"input", "2"}}));
  EXPECT_TRUE(network.networks.empty());
}

}  // namespace
}  // namespace hailstone::inference
