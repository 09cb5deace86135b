// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loop of non-maximum suppression, for whatever is compared.

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hailstone::vision {

/// Of the indices, best first: those that no kept one before them is_rival of, at most count.
template <typename IsRival>
std::vector<std::size_t> keep_best(const std::vector<std::size_t>& order, std::size_t count,
                                   IsRival is_rival) {
  std::vector<std::size_t> kept;
  for (const auto index : order) {
    if (kept.size() >= count) break;
    const auto beats = [&](std::size_t better) { return is_rival(better, index); };
    if (std::none_of(kept.begin(), kept.end(), beats)) kept.push_back(index);
  }
  return kept;
}

}  // namespace hailstone::vision
