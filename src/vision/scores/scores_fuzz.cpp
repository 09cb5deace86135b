// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any tensor is probabilities, an embedding, or an Error.

#include <cmath>

#include "fuzz/attempt.hpp"
#include "fuzz/tensors.hpp"
#include "vision/scores/class_scores.hpp"
#include "vision/scores/embedding.hpp"

using namespace hailstone;
using namespace hailstone::vision;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const auto tensor = fuzz::make_tensor(bytes);
  fuzz::attempt([&] {
    for (const auto& [id, score] : top_classes(read_probabilities(tensor), 5)) {
      fuzz::require(id >= 0 && score >= 0 && score <= 1.0001);
    }
  });
  fuzz::attempt([&] {
    const auto vector = read_embedding(tensor);
    fuzz::require(std::abs(cosine(vector, vector) - 1) < 0.001);
  });
  return 0;
}
