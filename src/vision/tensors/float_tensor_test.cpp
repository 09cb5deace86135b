// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/tensors/float_tensor.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "vision/tensors/views.hpp"

namespace hailstone::vision {
namespace {

using inference::ElementType;
using inference::Tensor;
using ::testing::ElementsAre;
using testing::make_tensor;

template <typename Value>
Tensor make_typed(ElementType type, std::vector<Value> values) {
  return {{"t", type, {static_cast<std::int64_t>(values.size())}}, std::move(values)};
}

TEST(FloatTensor, BorrowsFloats) {
  const auto tensor = make_tensor({2}, {1, 2});
  const FloatTensor floats(tensor);
  EXPECT_EQ(static_cast<const void*>(floats.values().data()), tensor.data.data());
}

TEST(FloatTensor, ReadsEveryHalf) {
  std::vector<std::uint16_t> halves(65536);
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<std::uint16_t>(i);
  const auto tensor = make_typed(ElementType::kFloat16, halves);
  const FloatTensor floats(tensor);
  for (std::size_t i = 0; i < halves.size(); ++i) {
    const int exponent = static_cast<int>(i >> 10 & 31);
    const double fraction = static_cast<double>(i & 1023) / 1024;
    const double sign = i >= 32768 ? -1 : 1;
    const float value = floats.values()[i];
    if (exponent == 31) {
      EXPECT_EQ(std::isnan(value), fraction != 0) << i;
      EXPECT_EQ(std::isinf(value), fraction == 0) << i;
      continue;
    }
    const double expected =
        exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
    ASSERT_EQ(value, static_cast<float>(sign * expected)) << i;
  }
}

TEST(FloatTensor, UndoesQuantization) {
  const auto bytes = make_typed<std::uint8_t>(ElementType::kUint8, {0, 10, 255});
  EXPECT_THAT(FloatTensor(bytes, {0.5, 10}).values(), ElementsAre(-5, 0, 122.5F));
  const auto chars = make_typed<std::int8_t>(ElementType::kInt8, {-128, 0, 127});
  EXPECT_THAT(FloatTensor(chars, {2, -1}).values(), ElementsAre(-254, 2, 256));
}

TEST(FloatTensor, ReadsWholeNumbers) {
  EXPECT_THAT(FloatTensor(make_typed<std::int64_t>(ElementType::kInt64, {-1, 7})).values(),
              ElementsAre(-1, 7));
  EXPECT_THAT(FloatTensor(make_typed<std::int32_t>(ElementType::kInt32, {-1, 7})).values(),
              ElementsAre(-1, 7));
}

TEST(FloatTensor, RefusesNegativeAndHugeExtents) {
  auto tensor = make_tensor({2, 3}, std::vector<float>(6));
  for (const std::vector<std::int64_t>& shape :
       {std::vector<std::int64_t>{-2, -3}, {2, 4}, {INT64_MAX, INT64_MAX}, {1LL << 62, 4}}) {
    tensor.info.shape = shape;
    EXPECT_THROW(FloatTensor{tensor}, Error);
  }
}

TEST(Views, FindTheChannelsInEitherLayout) {
  const auto last = make_tensor({1, 2, 3, 4}, std::vector<float>(24));
  const auto first = make_tensor({1, 4, 2, 3}, std::vector<float>(24));
  for (const auto* tensor : {&last, &first}) {
    const FloatTensor floats(*tensor);
    const MapView map = as_map(floats, 4);
    EXPECT_EQ(map.height, 2U);
    EXPECT_EQ(map.width, 3U);
    EXPECT_THROW(as_map(floats, 5), Error);
  }
}

TEST(Views, BestColumnPassesOverNan) {
  const float values[] = {NAN, 1, 3, 3, NAN};
  const auto best = best_column({values, 1, 5, 5, 1}, 0, 0, 5);
  EXPECT_EQ(best.column, 2U);
  EXPECT_EQ(best.value, 3);
}

}  // namespace
}  // namespace hailstone::vision
