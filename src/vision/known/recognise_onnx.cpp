// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/known/recognise_onnx.hpp"

#include <algorithm>

namespace hailstone::vision {
namespace {

using formats::OnnxTensor;
using inference::ElementType;
using inference::TensorInfo;

std::optional<ElementType> element_type(formats::OnnxType type) {
  const std::string name = formats::name_of_onnx_type(type);
  if (name == "float32") return ElementType::kFloat32;
  if (name == "float16") return ElementType::kFloat16;
  if (name == "int8") return ElementType::kInt8;
  if (name == "uint8" || name == "bool") return ElementType::kUint8;
  if (name == "int32") return ElementType::kInt32;
  if (name == "int64") return ElementType::kInt64;
  return std::nullopt;
}

bool is_settled(const OnnxTensor& tensor) noexcept {
  const auto& shape = tensor.shape;
  return !shape.empty() &&
         std::all_of(shape.begin() + 1, shape.end(), [](auto size) { return size > 0; });
}

bool all_settled(const std::vector<OnnxTensor>& tensors) noexcept {
  return std::all_of(tensors.begin(), tensors.end(), is_settled);
}

/// Where inputs may be of any size, outputs cannot be told; else the file has just not said it.
bool says_enough(const formats::OnnxFile& file) noexcept {
  const bool have_shapes = std::none_of(file.outputs.begin(), file.outputs.end(),
                                        [](const auto& output) { return output.shape.empty(); });
  return have_shapes && (all_settled(file.outputs) || !all_settled(file.inputs));
}

}  // namespace

std::optional<std::vector<TensorInfo>> infos_of(const std::vector<formats::OnnxTensor>& tensors) {
  std::vector<TensorInfo> infos;
  for (const auto& tensor : tensors) {
    const auto type = element_type(tensor.type);
    if (!type) return std::nullopt;
    infos.push_back({tensor.name, *type, tensor.shape});
  }
  return infos;
}

std::optional<KnownNetwork> recognise_onnx(const formats::OnnxFile& file, Clues clues) {
  if (!says_enough(file)) return std::nullopt;
  const auto inputs = infos_of(file.inputs);
  const auto outputs = infos_of(file.outputs);
  if (!inputs || !outputs) return std::nullopt;
  clues.metadata.insert(file.metadata.begin(), file.metadata.end());
  return recognise(*inputs, *outputs, clues);
}

}  // namespace hailstone::vision
