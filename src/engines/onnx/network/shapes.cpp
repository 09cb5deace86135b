// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/network/shapes.hpp"

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::engines::onnx {
namespace {

/// Nothing above what any vector can hold, so that no product of sizes wraps around.
bool has_bytes(const inference::TensorInfo& info, std::size_t bytes) noexcept {
  std::size_t rest = bytes / inference::size_of(info.type);
  if (rest * inference::size_of(info.type) != bytes) return false;
  for (const auto size : info.shape) {
    const auto factor = static_cast<std::size_t>(size);
    if (factor == 0) return bytes == 0;
    if (rest % factor != 0) return false;
    rest /= factor;
  }
  return rest == 1;
}

}  // namespace

std::string show_shape(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> sizes;
  sizes.reserve(shape.size());
  for (const auto size : shape) sizes.push_back(size < 0 ? "any" : std::to_string(size));
  return "[" + join(sizes, ", ") + "]";
}

bool fits(const std::vector<std::int64_t>& expected,
          const std::vector<std::int64_t>& shape) noexcept {
  if (shape.size() != expected.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] < 1) return false;
    if (expected[i] >= 0 && expected[i] != shape[i]) return false;
  }
  return true;
}

void check_tensor(const inference::Tensor& tensor, const inference::TensorInfo& expected) {
  const std::string where = "input " + expected.name + ": ";
  const std::string wanted =
      std::string(name_of(expected.type)) + " " + show_shape(expected.shape) + " expected, got ";
  if (tensor.info.type != expected.type || !fits(expected.shape, tensor.info.shape)) {
    throw Error(ErrorCode::kBadRequest, where + wanted + std::string(name_of(tensor.info.type)) +
                                            " " + show_shape(tensor.info.shape));
  }
  if (!has_bytes(tensor.info, tensor.data.size())) {
    throw Error(ErrorCode::kBadRequest, where + show_shape(tensor.info.shape) + " does not have " +
                                            std::to_string(tensor.data.size()) + " bytes");
  }
}

}  // namespace hailstone::engines::onnx
