// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/streams.hpp"

#include <cstring>

#include "base/error.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::ElementType;
using inference::TensorInfo;

using Shape = std::vector<std::int64_t>;

Shape plain_shape(const StreamInfo& stream) {
  const Shape whole = {1, stream.height, stream.width, stream.features};
  const bool is_vector = stream.height <= 1 && stream.width <= 1;
  return is_vector ? Shape{1, stream.features} : whole;
}

std::size_t count(const Shape& shape) noexcept {
  std::size_t product = 1;
  for (const auto extent : shape) product *= static_cast<std::size_t>(extent);
  return product;
}

std::size_t size_of(Element element) noexcept {
  if (element == Element::kFloat32) return 4;
  return element == Element::kUint16 ? 2 : 1;
}

std::string show(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

/// Scale and zero point of a value: those of its feature, where features have their own.
template <typename Stored>
std::vector<float> real_values(const StreamInfo& stream, std::span<const std::byte> stored) {
  std::vector<float> values(stored.size() / sizeof(Stored));
  const auto& steps = stream.quantization;
  const std::size_t own = steps.size() > 1 ? steps.size() : 1;
  const Quantization one = steps.empty() ? Quantization{} : steps.front();
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored value;
    std::memcpy(&value, stored.data() + i * sizeof(Stored), sizeof(Stored));
    const Quantization& step = own == 1 ? one : steps[i % own];
    values[i] = (static_cast<float>(value) - step.zero_point) * step.scale;
  }
  return values;
}

bool is_records(const StreamInfo& stream) noexcept {
  return stream.order == Order::kNmsByScore || stream.order == Order::kNmsWithByteMask;
}

}  // namespace

bool is_picture(const StreamInfo& stream) noexcept {
  return stream.element == Element::kUint8 && stream.height > 1 && stream.width > 1 &&
         (stream.features == 1 || stream.features == 3);
}

TensorInfo input_info(const StreamInfo& stream) {
  const auto type =
      stream.element == Element::kFloat32 ? ElementType::kFloat32 : ElementType::kUint8;
  return {stream.name, type, plain_shape(stream)};
}

TensorInfo output_info(const StreamInfo& stream) {
  if (is_records(stream)) {
    return {stream.name, ElementType::kUint8, {1, static_cast<std::int64_t>(stream.frame_bytes)}};
  }
  if (stream.order == Order::kNmsByClass) {
    return {stream.name,
            ElementType::kFloat32,
            {1, stream.nms_classes, 1 + 5 * std::int64_t{stream.nms_boxes}}};
  }
  Shape shape = plain_shape(stream);
  // What does not add up is told as it lies in memory.
  const std::size_t values = stream.frame_bytes / size_of(stream.element);
  if (count(shape) != values) shape = {1, static_cast<std::int64_t>(values)};
  return {stream.name, ElementType::kFloat32, shape};
}

inference::SharedBytes to_real(const StreamInfo& stream, std::span<const std::byte> stored) {
  if (stream.element == Element::kUint16) return real_values<std::uint16_t>(stream, stored);
  return real_values<std::uint8_t>(stream, stored);
}

void check_input(const std::string& model, const inference::Tensor& tensor,
                 const StreamInfo& stream) {
  const TensorInfo wanted = input_info(stream);
  Shape shape = tensor.info.shape;
  if (shape.size() + 1 == wanted.shape.size()) shape.insert(shape.begin(), 1);  // HWC
  const bool is_size = tensor.data.size() == stream.frame_bytes;
  if (shape == wanted.shape && tensor.info.type == wanted.type && is_size) return;
  throw Error(ErrorCode::kBadRequest,
              "model " + model + ": input " + stream.name + ": " +
                  std::string(inference::name_of(wanted.type)) + " " + show(wanted.shape) + " of " +
                  std::to_string(stream.frame_bytes) + " bytes expected, got " +
                  std::string(inference::name_of(tensor.info.type)) + " " +
                  show(tensor.info.shape) + " of " + std::to_string(tensor.data.size()));
}

}  // namespace hailstone::engines::hailo
