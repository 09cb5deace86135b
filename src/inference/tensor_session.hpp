// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tensors in, tensors out: every vision net.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.hpp"
#include "inference/shared_bytes.hpp"

namespace hailstone::inference {

enum class ElementType : std::uint8_t { kFloat32, kFloat16, kInt8, kUint8, kInt32, kInt64 };

/// In the order of the enumeration.
inline constexpr std::array<std::string_view, 6> kElementTypeNames = {
    "float32", "float16", "int8", "uint8", "int32", "int64"};
inline std::string_view name_of(ElementType type) noexcept {
  return kElementTypeNames[static_cast<std::size_t>(type)];
}

/// Bytes per element.
std::size_t size_of(ElementType type) noexcept;

struct TensorInfo {
  std::string name;
  ElementType type = ElementType::kFloat32;
  std::vector<std::int64_t> shape;  ///< row-major; -1: any

  bool operator==(const TensorInfo&) const noexcept = default;
};

struct Tensor {
  TensorInfo info;
  SharedBytes data;  ///< little-endian, densely packed
};

/// Thread-safe: runs may overlap; the engine orders them.
class TensorSession {
 public:
  virtual ~TensorSession() = default;
  virtual std::vector<TensorInfo> inputs() const = 0;
  virtual std::vector<TensorInfo> outputs() const = 0;

  /// One tensor per input, in the order of inputs(). A canonical image (uint8, NHWC or HWC, RGB) is
  /// taken for any image input: scale, mean, layout and type are the engine's job, from the
  /// manifest. Throws kBadRequest (names the input, what was expected, what came), kTimeout,
  /// kCancelled, kEngineFailed.
  virtual std::vector<Tensor> run(const std::vector<Tensor>& inputs, const RunContext& run) = 0;
};

}  // namespace hailstone::inference
