// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/values.hpp"

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

Ort::Value wrap(const Tensor& tensor, ONNXTensorElementDataType type) {
  static const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  // Inputs are only read.
  return Ort::Value::CreateTensor(memory, const_cast<std::byte*>(tensor.data.data()),
                                  tensor.data.size(), tensor.info.shape.data(),
                                  tensor.info.shape.size(), type);
}

Tensor unwrap(const Ort::Value& value, const std::string& name) {
  const auto info = value.GetTensorTypeAndShapeInfo();
  Tensor tensor{{name, element_type(info.GetElementType(), name), info.GetShape()}, {}};
  const std::size_t bytes = info.GetElementCount() * inference::size_of(tensor.info.type);
  const auto* data = static_cast<const std::byte*>(value.GetTensorRawData());
  tensor.data.assign(data, data + bytes);
  return tensor;
}

}  // namespace hailstone::engines::onnx
