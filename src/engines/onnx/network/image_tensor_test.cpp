// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/network/image_tensor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.hpp"
#include "engines/onnx/network/shapes.hpp"

namespace hailstone::engines::onnx {
namespace {

using inference::ColorOrder;
using inference::ElementType;
using inference::ImageInput;
using inference::Tensor;
using inference::TensorInfo;
using testing::ElementsAre;

/// Two pixels: (10, 20, 30) and (40, 50, 60).
Tensor two_pixels() {
  return {{"image", ElementType::kUint8, {1, 1, 2, 3}},
          std::vector<std::uint8_t>{10, 20, 30, 40, 50, 60}};
}

Tensor to_input(const Tensor& picture, const TensorInfo& expected,
                const std::optional<ImageInput>& input) {
  std::vector<std::byte> memory;
  const TensorInfo info = onnx::to_input(picture, expected, input, memory);
  return {info, std::move(memory)};
}

template <typename Value>
std::vector<Value> values_of(const Tensor& tensor) {
  std::vector<Value> values(tensor.data.size() / sizeof(Value));
  std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

TEST(ImageTensor, BecomesPlanesOfFloats) {
  const TensorInfo expected{"x", ElementType::kFloat32, {1, 3, 1, 2}};
  EXPECT_TRUE(is_picture_for(two_pixels(), expected, {}));
  const auto tensor = to_input(two_pixels(), expected, {});
  EXPECT_THAT(tensor.info.shape, ElementsAre(1, 3, 1, 2));
  EXPECT_THAT(values_of<float>(tensor), ElementsAre(10, 40, 20, 50, 30, 60));
}

TEST(ImageTensor, AppliesMeanStdAndColourOrder) {
  ImageInput input;
  input.color = ColorOrder::kBgr;
  input.mean = {1, 2, 3};
  input.std = {2};
  const auto tensor = to_input(two_pixels(), {"x", ElementType::kFloat32, {-1, 1, 2, 3}}, input);
  // B G R of each pixel, the means in the network's order.
  EXPECT_THAT(values_of<float>(tensor), ElementsAre(14.5F, 9, 3.5F, 29.5F, 24, 18.5F));
}

TEST(ImageTensor, RoundsToTheTypeOfTheNetwork) {
  ImageInput input;
  input.mean = {128};
  const auto small = to_input(two_pixels(), {"x", ElementType::kInt8, {1, 1, 2, 3}}, input);
  EXPECT_THAT(values_of<std::int8_t>(small), ElementsAre(-118, -108, -98, -88, -78, -68));
  input.mean = {};
  input.std = {255};
  const auto half = to_input(two_pixels(), {"x", ElementType::kFloat16, {1, 1, 2, 3}}, input);
  // numpy: (numpy.float16(v / 255)).view(uint16)
  EXPECT_THAT(values_of<std::uint16_t>(half),
              ElementsAre(0x2905, 0x2D05, 0x2F88, 0x3105, 0x3246, 0x3388));
}

TEST(ImageTensor, MixesGrayAsOpenCvDoes) {
  ImageInput input;
  input.channels = 1;
  const auto gray = to_input(two_pixels(), {"x", ElementType::kUint8, {1, 1, 1, 2}}, input);
  EXPECT_THAT(values_of<std::uint8_t>(gray), ElementsAre(18, 48));
}

TEST(ImageTensor, BytesThatFitAreNoPictureToConvert) {
  const TensorInfo bytes{"x", ElementType::kUint8, {1, 1, 2, 3}};
  EXPECT_FALSE(is_picture_for(two_pixels(), bytes, {}));
  EXPECT_FALSE(is_picture_for(two_pixels(), bytes, ImageInput()));
  ImageInput swapped;
  swapped.color = ColorOrder::kBgr;
  EXPECT_TRUE(is_picture_for(two_pixels(), bytes, swapped));
  EXPECT_FALSE(is_picture_for(two_pixels(), {"x", ElementType::kFloat32, {1, 4}}, {}));
}

TEST(ImageTensor, APictureOfAnotherSizeIsRefusedWithBoth) {
  try {
    to_input(two_pixels(), {"x", ElementType::kFloat32, {1, 3, 640, 480}}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    EXPECT_STREQ(error.what(), "input x: [1, 3, 640, 480] expected, got a picture of 2x1");
  }
}

TEST(Shapes, ATensorMustHaveItsTypeShapeAndBytes) {
  const TensorInfo expected{"x", ElementType::kFloat32, {-1, 2}};
  Tensor tensor{{"x", ElementType::kFloat32, {3, 2}}, std::vector<std::byte>(24)};
  EXPECT_NO_THROW(check_tensor(tensor, expected));
  tensor.data = std::vector<std::byte>(23);
  EXPECT_THROW(check_tensor(tensor, expected), Error);
  tensor.data = std::vector<std::byte>(24);
  tensor.info.shape = {0, 2};
  EXPECT_THROW(check_tensor(tensor, expected), Error);
  tensor.info = {"x", ElementType::kFloat32, {std::int64_t{1} << 62, 2}};
  EXPECT_THROW(check_tensor(tensor, expected), Error) << "the product overflows";
  tensor.info = {"x", ElementType::kInt32, {3, 2}};
  EXPECT_THROW(check_tensor(tensor, expected), Error);
}

}  // namespace
}  // namespace hailstone::engines::onnx
