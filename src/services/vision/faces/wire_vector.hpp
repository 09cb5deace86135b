// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Embeddings as JSON. Pure.

#include <charconv>
#include <nlohmann/json.hpp>
#include <span>

namespace hailstone::faces {

/// Each number with as few digits as give the same float again.
inline nlohmann::ordered_json to_numbers(std::span<const float> vector) {
  auto out = nlohmann::ordered_json::array();
  for (const float value : vector) {
    char digits[32];
    const char* end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    double shortest = 0;
    std::from_chars(digits, end, shortest);
    out.push_back(shortest);
  }
  return out;
}

}  // namespace hailstone::faces
