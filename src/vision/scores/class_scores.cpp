// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/scores/class_scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace hailstone::vision {
namespace {

bool are_probabilities(std::span<const float> values) noexcept {
  double sum = 0;
  for (const float value : values) {
    if (value < 0) return false;
    sum += std::isfinite(value) ? value : 0;
  }
  return std::abs(sum - 1) < 0.05;
}

}  // namespace

void softmax(std::span<float> values) noexcept {
  float largest = -INFINITY;
  for (auto& value : values) {
    if (!std::isfinite(value)) value = -INFINITY;
    largest = std::max(largest, value);
  }
  if (!std::isfinite(largest)) {
    std::fill(values.begin(), values.end(), 0.0F);
    return;
  }
  double sum = 0;
  for (auto& value : values) {
    value = std::exp(value - largest);
    sum += value;
  }
  for (auto& value : values) value = static_cast<float>(value / sum);
}

std::vector<float> read_probabilities(const inference::Tensor& tensor, Quantization quantization) {
  const FloatTensor floats(tensor, quantization);
  std::vector<float> values(floats.values().begin(), floats.values().end());
  if (std::none_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) {
    throw Error(ErrorCode::kEngineFailed, "the output \"" + floats.name() + "\" has no numbers");
  }
  if (are_probabilities(values)) {
    for (auto& value : values) value = std::isfinite(value) ? std::min(value, 1.0F) : 0.0F;
  } else {
    softmax(values);
  }
  return values;
}

std::vector<ClassScore> top_classes(std::span<const float> probabilities, int count) {
  std::vector<int> order(probabilities.size());
  std::iota(order.begin(), order.end(), 0);
  const auto limit = std::min(order.size(), static_cast<std::size_t>(std::max(count, 0)));
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(limit);
  std::partial_sort(order.begin(), middle, order.end(), [&](int a, int b) {
    if (probabilities[a] != probabilities[b]) return probabilities[a] > probabilities[b];
    return a < b;
  });
  std::vector<ClassScore> top;
  for (auto id = order.begin(); id != middle; ++id) top.push_back({*id, probabilities[*id]});
  return top;
}

}  // namespace hailstone::vision
