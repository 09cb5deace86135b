// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tensors as tables and maps, whichever way round they are stored. Views: they borrow the values of
// a FloatTensor, which outlives them.

#include <cstddef>

namespace hailstone::vision {

class FloatTensor;

struct TableView {
  const float* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t row_step = 0;
  std::size_t column_step = 0;

  float at(std::size_t row, std::size_t column) const noexcept {
    return data[row * row_step + column * column_step];
  }
  TableView transposed() const noexcept { return {data, columns, rows, column_step, row_step}; }
};

struct BestColumn {
  std::size_t column = 0;
  float value = 0;
};

/// The first largest of count columns from first on, counted from first. NaN is never it; where all
/// are, the value is minus infinity.
BestColumn best_column(const TableView& table, std::size_t row, std::size_t first,
                       std::size_t count) noexcept;

/// A grid of cells with channels.
struct MapView {
  const float* data = nullptr;
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 0;
  std::size_t row_step = 0;
  std::size_t column_step = 0;
  std::size_t channel_step = 0;

  const float* cell(std::size_t row, std::size_t column) const noexcept {
    return data + row * row_step + column * column_step;
  }
  float at(std::size_t row, std::size_t column, std::size_t channel) const noexcept {
    return cell(row, column)[channel * channel_step];
  }
};

/// [rows,columns] or [1,rows,columns]. Throws Error(kEngineFailed).
TableView as_table(const FloatTensor& tensor);

/// [height,width,channels] or [channels,height,width], with or without a batch of 1; [height,width]
/// is one channel. The channels are the dimension that has so many; where both have, the last.
/// Throws Error(kEngineFailed) where none has.
MapView as_map(const FloatTensor& tensor, std::size_t channels);

/// Whether as_map would take it.
bool is_map(const FloatTensor& tensor, std::size_t channels) noexcept;

}  // namespace hailstone::vision
