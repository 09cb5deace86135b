// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/network/facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "formats/testing/micro_onnx.hpp"

namespace hailstone::engines::onnx {
namespace {

using formats::OnnxFile;

OnnxFile net(std::vector<std::int64_t> shape) {
  OnnxFile file;
  file.inputs = {{"x", 1, std::move(shape)}};
  return file;
}

inference::ImageInput picture(int width, int height) {
  inference::ImageInput input;
  input.width = width;
  input.height = height;
  return input;
}

TEST(Estimate, GrowsWithWeightsAndInputs) {
  const ByteSize bare = estimate_memory(OnnxFile(), {}, {});
  EXPECT_GT(bare, ByteSize());
  EXPECT_EQ(estimate_memory(OnnxFile(), ByteSize::mib(10), {}), bare + ByteSize::mib(20));
  EXPECT_GT(estimate_memory(net({1, 3, 640, 640}), {}, {}),
            estimate_memory(net({1, 3, 320, 320}), {}, {}));
}

TEST(Estimate, TakesTheManifestsSizeForWhatMayBeAny) {
  EXPECT_EQ(estimate_memory(net({-1, 3, -1, -1}), {}, picture(320, 320)),
            estimate_memory(net({1, 3, 320, 320}), {}, {}));
  EXPECT_EQ(estimate_memory(net({-1, 3, -1, -1}), {}, {}),
            estimate_memory(net({1, 3, 640, 640}), {}, {}));
}

TEST(Estimate, SizesThatCannotBeDoNotOverflow) {
  const std::int64_t huge = std::int64_t{1} << 62;
  EXPECT_GT(estimate_memory(net({huge, huge, huge}), {}, {}), ByteSize::gib(1000));
}

TEST(FixedInputs, AreFixedInAllSides) {
  EXPECT_TRUE(has_fixed_inputs(net({1, 3, 320, 320})));
  EXPECT_FALSE(has_fixed_inputs(net({-1, 3, 320, 320})));
  OnnxFile two = net({1, 3, 320, 320});
  two.inputs.push_back({"y", 1, {1, -1}});
  EXPECT_FALSE(has_fixed_inputs(two));
}

TEST(Facts, NameTheTypeOfMostParameters) {
  OnnxFile file;
  file.weights = {{"a", 1, {10}}, {"b", 3, {6}}, {"c", 2, {6}}};
  EXPECT_EQ(facts_of(file, inference::FactDetail::kBrief).quantization, "INT8") << "signed or not";
  file.weights[0].shape = {13};
  EXPECT_EQ(facts_of(file, inference::FactDetail::kBrief).quantization, "F32");
  EXPECT_EQ(facts_of(OnnxFile(), inference::FactDetail::kBrief).architecture, "onnx");
}

TEST(Network, WithoutAGraphIsNone) {
  const formats::testing::TempModel empty("empty", "");
  inference::ModelSpec spec;
  spec.weights = empty.path();
  try {
    read_network(spec);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
  }
}

}  // namespace
}  // namespace hailstone::engines::onnx
