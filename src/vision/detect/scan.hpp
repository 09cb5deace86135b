// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The best class of each row: where a detector with thousands of boxes spends its time.

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "vision/tensors/views.hpp"

namespace hailstone::vision {

inline constexpr std::size_t kScanBlock = 64;

/// Larger of each pair, into best; a count that the compiler knows becomes vector instructions.
inline void keep_larger(const float* values, float* best) noexcept {
  for (std::size_t i = 0; i < kScanBlock; ++i) best[i] = values[i] > best[i] ? values[i] : best[i];
}

/// Columns of scores: emit(row, index of the first best among them, score) for each row whose best
/// is at least the threshold. NaN is never the best.
template <typename Emit>
void scan_columns(const TableView& scores, float threshold, Emit emit) {
  std::array<float, kScanBlock> best;
  for (std::size_t begin = 0; begin < scores.rows; begin += kScanBlock) {
    const std::size_t count = std::min(kScanBlock, scores.rows - begin);
    best.fill(-std::numeric_limits<float>::infinity());
    for (std::size_t c = 0; c < scores.columns; ++c) {
      const float* values = scores.data + c * scores.column_step + begin * scores.row_step;
      if (count == kScanBlock && scores.row_step == 1) {
        keep_larger(values, best.data());
        continue;
      }
      for (std::size_t i = 0; i < count; ++i) {
        const float value = values[i * scores.row_step];
        best[i] = value > best[i] ? value : best[i];
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!(best[i] >= threshold)) continue;
      std::size_t c = 0;
      while (c + 1 < scores.columns && scores.at(begin + i, c) != best[i]) ++c;
      emit(begin + i, c, best[i]);
    }
  }
}

/// The columns from first on, count of them.
inline TableView columns_of(const TableView& table, std::size_t first, std::size_t count) noexcept {
  if (table.rows == 0) return {};
  return {table.data + first * table.column_step, table.rows, count, table.row_step,
          table.column_step};
}

/// A map as a table of cells, row by row: dense maps alone.
inline TableView cells_of(const MapView& map) noexcept {
  return {map.data, map.height * map.width, map.channels, map.column_step, map.channel_step};
}

}  // namespace hailstone::vision
