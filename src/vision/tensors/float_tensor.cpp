// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/tensors/float_tensor.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <optional>

#include "base/error.hpp"

namespace hailstone::vision {
namespace {

using inference::ElementType;

std::optional<std::size_t> count_elements(std::span<const std::int64_t> shape) noexcept {
  std::size_t count = 1;
  for (const auto extent : shape) {
    if (extent < 0) return std::nullopt;
    const auto size = static_cast<std::size_t>(extent);
    if (size != 0 && count > std::numeric_limits<std::size_t>::max() / 16 / size) {
      return std::nullopt;
    }
    count *= size;
  }
  return count;
}

/// IEEE 754 half to single: the exponent is moved by a multiplication, which does subnormal numbers
/// too; infinity and NaN keep all exponent bits.
float half_to_float(std::uint16_t half) noexcept {
  const std::uint32_t magnitude = (half & 0x7fffU) << 13U;
  const std::uint32_t sign = (half & 0x8000U) << 16U;
  const std::uint32_t scaled = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) *
                                                            std::bit_cast<float>(0x77800000U));
  const std::uint32_t special = magnitude >= 0x0f800000U ? 0x7f800000U : 0U;
  return std::bit_cast<float>(scaled | special | sign);
}

template <typename Stored, typename Convert>
void convert(const std::byte* data, std::span<float> values, Convert to_float) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, data + i * sizeof stored, sizeof stored);
    values[i] = to_float(stored);
  }
}

void convert_all(const inference::Tensor& tensor, Quantization quantization,
                 std::span<float> values) noexcept {
  const auto* data = tensor.data.data();
  const auto real = [quantization](auto stored) {
    return static_cast<float>((static_cast<double>(stored) - quantization.zero_point) *
                              quantization.scale);
  };
  switch (tensor.info.type) {
    case ElementType::kFloat32:
      return convert<float>(data, values, [](float value) { return value; });
    case ElementType::kFloat16:
      return convert<std::uint16_t>(data, values, half_to_float);
    case ElementType::kInt8:
      return convert<std::int8_t>(data, values, real);
    case ElementType::kUint8:
      return convert<std::uint8_t>(data, values, real);
    case ElementType::kInt32:
      return convert<std::int32_t>(data, values, real);
    case ElementType::kInt64:
      return convert<std::int64_t>(data, values, real);
  }
}

bool can_borrow(const inference::Tensor& tensor) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(tensor.data.data());
  return tensor.info.type == ElementType::kFloat32 && address % alignof(float) == 0;
}

}  // namespace

std::string write_shape(std::span<const std::int64_t> shape) {
  std::string text = "[";
  for (const auto extent : shape) {
    if (text.size() > 1) text += ',';
    text += std::to_string(extent);
  }
  return text + "]";
}

FloatTensor::FloatTensor(const inference::Tensor& tensor, Quantization quantization)
    : name_(&tensor.info.name), full_shape_(tensor.info.shape), shape_(tensor.info.shape) {
  const auto count = count_elements(full_shape_);
  if (!count || tensor.data.size() != *count * size_of(tensor.info.type)) {
    throw Error(ErrorCode::kEngineFailed,
                "the output \"" + name() + "\" of shape " + write_shape(full_shape_) +
                    " came with " + std::to_string(tensor.data.size()) + " bytes",
                "expected are " + (count ? std::to_string(*count * size_of(tensor.info.type))
                                         : std::string("sizes that are not negative")));
  }
  if (shape_.size() > 2 && shape_.front() == 1) shape_ = shape_.subspan(1);
  if (can_borrow(tensor)) {
    values_ = {reinterpret_cast<const float*>(tensor.data.data()), *count};
    return;
  }
  converted_.reset(new float[*count]);
  convert_all(tensor, quantization, {converted_.get(), *count});
  values_ = {converted_.get(), *count};
}

void FloatTensor::refuse(std::string_view expected) const {
  throw Error(ErrorCode::kEngineFailed,
              "the output \"" + name() + "\" has the shape " + write_shape(full_shape_),
              "its decoder expects " + std::string(expected));
}

}  // namespace hailstone::vision
