// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/values.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include "base/error.hpp"

namespace hailstone::engines::onnx {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;

ElementType element_type(ONNXTensorElementDataType type, const std::string& name) {
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
      return ElementType::kFloat32;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
      return ElementType::kFloat16;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL:
      return ElementType::kUint8;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8:
      return ElementType::kInt8;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32:
      return ElementType::kInt32;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
      return ElementType::kInt64;
    default:
      throw Error(ErrorCode::kUnsupported, "tensor " + name + " has elements of type " +
                                               std::to_string(static_cast<int>(type)) +
                                               ", which are not supported");
  }
}

std::span<const std::byte> bytes_of(const Ort::Value& value, const std::string& name) {
  const auto info = value.GetTensorTypeAndShapeInfo();
  const std::size_t each = inference::size_of(element_type(info.GetElementType(), name));
  return {static_cast<const std::byte*>(value.GetTensorRawData()), info.GetElementCount() * each};
}

bool begins_within(std::span<const std::byte> bytes, std::span<const std::byte> others) noexcept {
  const std::less<> before;
  return !before(bytes.data(), others.data()) &&
         before(bytes.data(), others.data() + others.size());
}

}  // namespace

TensorInfo read_info(const std::string& name, const Ort::TypeInfo& type) {
  if (type.GetONNXType() != ONNX_TYPE_TENSOR) {
    throw Error(ErrorCode::kUnsupported,
                "tensor " + name + " is a list or a map, which is not supported");
  }
  const auto tensor = type.GetTensorTypeAndShapeInfo();
  const ElementType element = element_type(tensor.GetElementType(), name);
  return {name, element, tensor.GetShape()};
}

Ort::Value wrap(const TensorInfo& info, std::span<const std::byte> bytes,
                ONNXTensorElementDataType type) {
  static const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  // Inputs are only read.
  return Ort::Value::CreateTensor(memory, const_cast<std::byte*>(bytes.data()), bytes.size(),
                                  info.shape.data(), info.shape.size(), type);
}

Tensor unwrap(Ort::Value&& value, const std::string& name, std::span<const Ort::Value> inputs) {
  const TensorInfo info = read_info(name, value.GetTypeInfo());
  const auto bytes = bytes_of(value, name);
  const bool is_input = std::any_of(inputs.begin(), inputs.end(), [&](const Ort::Value& input) {
    return begins_within(bytes, bytes_of(input, name));
  });
  if (is_input) return {info, std::vector<std::byte>(bytes.begin(), bytes.end())};
  return {info, {std::make_shared<const Ort::Value>(std::move(value)), bytes}};
}

}  // namespace hailstone::engines::onnx
