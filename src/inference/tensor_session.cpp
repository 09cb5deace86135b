// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/tensor_session.hpp"

namespace hailstone::inference {

std::size_t size_of(ElementType type) noexcept {
  switch (type) {
    case ElementType::kFloat32:
      return 4;
    case ElementType::kFloat16:
      return 2;
    case ElementType::kInt8:
      return 1;
    case ElementType::kUint8:
      return 1;
    case ElementType::kInt32:
      return 4;
    case ElementType::kInt64:
      return 8;
  }
  return 1;
}

}  // namespace hailstone::inference
