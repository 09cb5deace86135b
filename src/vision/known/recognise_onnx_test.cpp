// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/known/recognise_onnx.hpp"

#include <gtest/gtest.h>

namespace hailstone::vision {
namespace {

constexpr formats::OnnxType kFloat32 = 1;
constexpr formats::OnnxType kFloat64 = 11;

formats::OnnxFile yolo() {
  formats::OnnxFile file;
  file.metadata = {{"task", "detect"}, {"names", "{0: 'cat', 1: 'dog'}"}};
  file.inputs = {{"images", kFloat32, {1, 3, 640, 640}}};
  file.outputs = {{"output0", kFloat32, {1, 6, 8400}}};
  return file;
}

TEST(RecogniseOnnx, TellsByTheFileAlone) {
  const auto known = recognise_onnx(yolo());
  ASSERT_TRUE(known);
  EXPECT_EQ(known->task, "detect");
  EXPECT_EQ(known->decoder, "yolov8");
  EXPECT_EQ(known->names, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(known->input.width, 640);
}

TEST(RecogniseOnnx, ABatchOfAnySizeIsNoObstacle) {
  auto file = yolo();
  file.inputs[0].shape[0] = -1;
  file.outputs[0].shape[0] = -1;
  EXPECT_TRUE(recognise_onnx(file));
}

TEST(RecogniseOnnx, KnowsNetworksForPicturesOfAnySize) {
  formats::OnnxFile file;
  file.inputs = {{"x", kFloat32, {-1, 3, -1, -1}}};
  file.outputs = {{"sigmoid_0.tmp_0", kFloat32, {-1, 1, -1, -1}}};
  const auto known = recognise_onnx(file);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->decoder, "db");
  file.inputs[0].shape = {-1, 3, 640, 640};
  EXPECT_FALSE(recognise_onnx(file)) << "then its output has a size, too, which loading tells";
}

TEST(RecogniseOnnx, LeavesWhatIsOpenToTheOneWhoLoadsIt) {
  auto open = yolo();
  open.outputs[0].shape[2] = -1;
  EXPECT_FALSE(recognise_onnx(open));
  auto without_shape = yolo();
  without_shape.outputs[0].shape.clear();
  EXPECT_FALSE(recognise_onnx(without_shape));
  auto untyped = yolo();
  untyped.inputs[0].type = kFloat64;
  EXPECT_FALSE(recognise_onnx(untyped));
  EXPECT_FALSE(recognise_onnx({}));
}

}  // namespace
}  // namespace hailstone::vision
