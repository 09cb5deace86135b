// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/strings.hpp"
#include "engines/fake/sessions.hpp"

namespace hailstone::engines::fake {
namespace {

std::string show_shape(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> sizes;
  sizes.reserve(shape.size());
  for (const auto size : shape) sizes.push_back(size < 0 ? "any" : std::to_string(size));
  return "[" + join(sizes, ", ") + "]";
}

/// NHWC is taken where HWC is expected, as for every engine.
bool fits(const std::vector<std::int64_t>& expected, const std::vector<std::int64_t>& shape) {
  const bool is_batch_of_one = shape.size() == expected.size() + 1 && shape.front() == 1;
  const std::size_t skipped = is_batch_of_one ? 1 : 0;
  if (shape.size() != expected.size() + skipped) return false;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (shape[i + skipped] < 0) return false;
    if (expected[i] >= 0 && expected[i] != shape[i + skipped]) return false;
  }
  return true;
}

/// Saturates, so that no product of sizes overflows into a small number.
std::uint64_t bytes_of(const inference::TensorInfo& info) noexcept {
  constexpr std::uint64_t kTooMany = std::uint64_t{1} << 40;
  std::uint64_t bytes = inference::size_of(info.type);
  for (const auto size : info.shape) {
    const auto factor = static_cast<std::uint64_t>(size);
    if (factor > kTooMany) return kTooMany;
    bytes = std::min(bytes * factor, kTooMany);
  }
  return bytes;
}

void check_input(const inference::TensorInfo& expected, const inference::Tensor& tensor) {
  const std::string where = "input " + expected.name + ": ";
  if (tensor.info.type != expected.type) {
    throw Error(ErrorCode::kBadRequest, where + "elements of 8 bits expected");
  }
  if (!fits(expected.shape, tensor.info.shape)) {
    throw Error(ErrorCode::kBadRequest, where + "shape " + show_shape(expected.shape) +
                                            " expected, got " + show_shape(tensor.info.shape));
  }
  if (bytes_of(tensor.info) != tensor.data.size()) {
    throw Error(ErrorCode::kBadRequest, where + show_shape(tensor.info.shape) + " does not have " +
                                            std::to_string(tensor.data.size()) + " bytes");
  }
}

}  // namespace

std::vector<inference::TensorInfo> FakeTensor::inputs() const {
  return {{"input", inference::ElementType::kUint8, script_.shape}};
}

std::vector<inference::TensorInfo> FakeTensor::outputs() const {
  if (!script_.outputs.empty()) {
    std::vector<inference::TensorInfo> infos;
    for (const auto& output : script_.outputs) infos.push_back(output.info);
    return infos;
  }
  if (script_.brief_output) return {{"output", inference::ElementType::kUint8, {1}}};
  return {{"output", inference::ElementType::kUint8, script_.shape}};
}

std::vector<inference::Tensor> FakeTensor::run(const std::vector<inference::Tensor>& tensors,
                                               const RunContext& run) {
  if (tensors.size() != 1) {
    throw Error(ErrorCode::kBadRequest, "1 input expected, got " + std::to_string(tensors.size()));
  }
  check_input(inputs().front(), tensors.front());
  Run steps(life_, run, runs_++);
  Life::pause(script_.prompt_time, run);
  steps.step();
  std::vector<inference::Tensor> outputs = script_.outputs;
  if (!outputs.empty()) {
    // As they are scripted.
  } else if (script_.brief_output) {
    outputs.push_back({this->outputs().front(), tensors.front().data.part(0, 1)});
  } else {
    outputs.push_back(tensors.front());
    outputs.front().info.name = "output";
  }
  if (script_.wrong_shape) outputs.front().info.shape.push_back(1);
  return outputs;
}

}  // namespace hailstone::engines::fake
