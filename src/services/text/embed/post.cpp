// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/embed/post.hpp"

#include <cmath>

#include "base/error.hpp"

namespace hailstone::embed {

void finish_vector(std::vector<float>& vector, const Task& task) {
  if (task.dimensions > 0 && static_cast<std::size_t>(task.dimensions) < vector.size()) {
    vector.resize(static_cast<std::size_t>(task.dimensions));
  }
  double squares = 0;
  for (const float value : vector) squares += static_cast<double>(value) * value;
  if (!std::isfinite(squares)) {
    throw Error(ErrorCode::kEngineFailed, "the model gave an embedding that is not a number");
  }
  if (task.scale == Scale::kAsTheModelGives || squares == 0) return;
  const double length = std::sqrt(squares);
  for (float& value : vector) value = static_cast<float>(value / length);
}

}  // namespace hailstone::embed
