// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/scores/embedding.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "vision/scores/class_scores.hpp"

namespace hailstone::vision {
namespace {

double dot(std::span<const float> a, std::span<const float> b) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

}  // namespace

bool normalise(std::span<float> vector) noexcept {
  const double length = std::sqrt(dot(vector, vector));
  if (!(length > 0) || !std::isfinite(length)) return false;
  for (auto& value : vector) value = static_cast<float>(value / length);
  return true;
}

std::vector<float> read_embedding(const inference::Tensor& tensor, Quantization quantization) {
  const FloatTensor floats(tensor, quantization);
  std::vector<float> vector(floats.values().begin(), floats.values().end());
  if (!normalise(vector)) {
    throw Error(ErrorCode::kEngineFailed,
                "the output \"" + floats.name() + "\" is no direction: empty, 0, or not finite");
  }
  return vector;
}

double cosine(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) {
    throw Error(ErrorCode::kBadRequest,
                "embeddings of " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
                    " numbers cannot be compared",
                "they have to come from the same model");
  }
  const double lengths = std::sqrt(dot(a, a)) * std::sqrt(dot(b, b));
  const double result = lengths > 0 ? dot(a, b) / lengths : 0;
  return std::isfinite(result) ? std::clamp(result, -1.0, 1.0) : 0;
}

std::vector<float> compare_prompts(std::span<const float> picture,
                                   const std::vector<std::vector<float>>& prompts,
                                   double logit_scale) {
  std::vector<float> scores;
  scores.reserve(prompts.size());
  for (const auto& prompt : prompts) {
    scores.push_back(static_cast<float>(logit_scale * cosine(picture, prompt)));
  }
  softmax(scores);
  return scores;
}

}  // namespace hailstone::vision
