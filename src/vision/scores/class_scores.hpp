// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which of the labels fits a picture best. Pure; any thread.

#include <span>
#include <vector>

#include "inference/tensor_session.hpp"
#include "vision/tensors/float_tensor.hpp"

namespace hailstone::vision {

struct ClassScore {
  int class_id = 0;
  double score = 0;  ///< 0 to 1
};

/// Probabilities of a classifier's output ("logits"): as they are where they are none below 0 and
/// sum up to 1 (to what quantisation costs), otherwise their softmax. Values that are no numbers
/// count as never. Throws Error(kEngineFailed) for an empty tensor or one of no numbers at all.
std::vector<float> read_probabilities(const inference::Tensor& tensor,
                                      Quantization quantization = {});

/// The count best of them, best first, equals by index.
std::vector<ClassScore> top_classes(std::span<const float> probabilities, int count);

/// In place, safe against overflow; what is no number becomes 0.
void softmax(std::span<float> values) noexcept;

}  // namespace hailstone::vision
