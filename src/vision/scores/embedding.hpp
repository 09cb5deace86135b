// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures and texts as directions. Pure; any thread.

#include <span>
#include <vector>

#include "inference/tensor_session.hpp"
#include "vision/tensors/float_tensor.hpp"

namespace hailstone::vision {

/// The whole tensor as one vector of length 1. Throws Error(kEngineFailed) where it is empty, all
/// 0, or has values that are no numbers.
std::vector<float> read_embedding(const inference::Tensor& tensor, Quantization quantization = {});

/// Brings it to length 1; false (and unchanged) where it has none.
bool normalise(std::span<float> vector) noexcept;

/// -1 to 1; 0 where one of them has no length. Throws Error(kBadRequest) for different sizes.
double cosine(std::span<const float> a, std::span<const float> b);

/// CLIP: probability of each prompt, softmax over logit_scale * cosine. Throws as cosine does.
std::vector<float> compare_prompts(std::span<const float> picture,
                                   const std::vector<std::vector<float>>& prompts,
                                   double logit_scale = 100);

}  // namespace hailstone::vision
