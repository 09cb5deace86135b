// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A tensor of any element type read as floats. What comes from an engine is checked here once:
// after this, size and shape agree.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/tensor_session.hpp"

namespace hailstone::vision {

/// real = (stored - zero_point) * scale. Of integers alone; floats are what they are.
struct Quantization {
  double scale = 1;
  double zero_point = 0;
};

/// Borrows float32 data (the tensor outlives it, and is not changed meanwhile), converts all else.
/// A value otherwise. Values may be NaN or infinite: who makes results of them leaves those out.
class FloatTensor {
 public:
  /// Throws Error(kEngineFailed) naming the tensor where bytes and shape do not agree.
  explicit FloatTensor(const inference::Tensor& tensor, Quantization quantization = {});

  const std::string& name() const noexcept { return *name_; }
  /// Without a leading batch dimension of 1 where there are more than two.
  std::span<const std::int64_t> shape() const noexcept { return shape_; }
  /// As it came.
  std::span<const std::int64_t> full_shape() const noexcept { return full_shape_; }
  std::span<const float> values() const noexcept { return values_; }

  /// Error(kEngineFailed): the tensor's name and shape, and what was expected: "[1,84,8400]".
  [[noreturn]] void refuse(std::string_view expected) const;

 private:
  const std::string* name_;
  std::span<const std::int64_t> full_shape_;
  std::span<const std::int64_t> shape_;
  std::unique_ptr<float[]> converted_;
  std::span<const float> values_;
};

/// "[1,84,8400]"
std::string write_shape(std::span<const std::int64_t> shape);

}  // namespace hailstone::vision
