// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace hailstone::core {
namespace {

/// Levenshtein's distance.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> find_nearest(std::string_view word,
                                        const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t fewest = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t needed = edits(word, candidate);
    if (needed >= fewest) continue;
    fewest = needed;
    best = candidate;
  }
  return best;
}

std::vector<std::string> nearest_of(std::string_view word, std::vector<std::string> candidates,
                                    std::size_t count) {
  std::stable_sort(candidates.begin(), candidates.end(), [word](const auto& a, const auto& b) {
    return edits(word, a) < edits(word, b);
  });
  candidates.resize(std::min(candidates.size(), count));
  return candidates;
}

}  // namespace hailstone::core
