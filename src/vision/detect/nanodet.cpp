// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/outputs.hpp"
#include "vision/detect/scan.hpp"

// NanoDet-Plus. Class scores are through a sigmoid; each side of a box is a distribution over 8
// bins of the distance to the cell's point, in strides. Two exports: RangiLyu's own, one table of
// four strides, whose point is the cell's corner; and the one of OpenCV's zoo, tables of classes
// and distances for each of three strides, whose point is the middle of the cell's pixels.

namespace hailstone::vision {
namespace {

constexpr std::size_t kBins = 8;
constexpr std::size_t kSides = 4 * kBins;

float expected_bin(const TableView& table, std::size_t row, std::size_t first) noexcept {
  float largest = table.at(row, first);
  for (std::size_t i = 1; i < kBins; ++i) largest = std::max(largest, table.at(row, first + i));
  float sum = 0;
  float weighted = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    const float weight = std::exp(table.at(row, first + i) - largest);
    sum += weight;
    weighted += weight * static_cast<float>(i);
  }
  return weighted / sum;
}

/// The tables of one stride: as many rows as it has cells.
struct Scale {
  Grid grid;
  TableView classes;
  TableView sides;
  float offset;  ///< of the point from the cell's corner, pixels
};

void scan(const Scale& scale, Candidates& candidates) {
  scan_columns(
      scale.classes, candidates.threshold(),
      [&](std::size_t cell, std::size_t class_id, float score) {
        const float stride = scale.grid.stride;
        const float x = static_cast<float>(cell % scale.grid.columns) * stride + scale.offset;
        const float y = static_cast<float>(cell / scale.grid.columns) * stride + scale.offset;
        const auto side = [&](std::size_t i) {
          return expected_bin(scale.sides, cell, i * kBins) * stride;
        };
        Candidate candidate = from_corners(x - side(0), y - side(1), x + side(2), y + side(3));
        candidate.score = score;
        candidate.class_id = static_cast<int>(class_id);
        candidates.add(candidate);
      });
}

TableView rows_of(const TableView& table, std::size_t first, std::size_t count) noexcept {
  return {table.data + first * table.row_step, count, table.columns, table.row_step,
          table.column_step};
}

std::vector<Scale> split_table(const TableView& table, const std::vector<Grid>& grids) {
  std::vector<Scale> scales;
  std::size_t first = 0;
  for (const auto& grid : grids) {
    const TableView rows = rows_of(table, first, grid.cells());
    const std::size_t classes = table.columns - kSides;
    scales.push_back({grid, columns_of(rows, 0, classes), columns_of(rows, classes, kSides), 0.0F});
    first += grid.cells();
  }
  return scales;
}

/// The first table with a row for each cell whose columns are wanted.
template <typename Wanted>
std::optional<TableView> find_rows(const Outputs& outputs, const Grid& grid, Wanted wanted) {
  for (const auto& tensor : outputs) {
    if (tensor.shape().size() != 2) continue;
    const TableView table = as_table(tensor);
    if (table.rows == grid.cells() && table.columns > 0 && wanted(table.columns)) return table;
  }
  return std::nullopt;
}

std::vector<Scale> find_scales(const Outputs& outputs, const DetectOptions& options) {
  const auto count = static_cast<std::size_t>(std::max(options.class_count, 0));
  std::vector<Scale> scales;
  for (const auto& grid : make_grids(options, {8, 16, 32})) {
    const auto sides = find_rows(outputs, grid, [](std::size_t n) { return n == kSides; });
    const auto classes = find_rows(
        outputs, grid, [&](std::size_t n) { return count > 0 ? n == count : n != kSides; });
    if (!sides || !classes) {
      outputs.refuse(
          "[1,cells,classes+32] of the strides 8 to 64, or [1,cells,classes] and "
          "[1,cells,32] for each of 8, 16 and 32");
    }
    scales.push_back({grid, *classes, *sides, 0.5F * (grid.stride - 1)});
  }
  return scales;
}

}  // namespace

Detections decode_nanodet(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const auto count = static_cast<std::size_t>(std::max(options.class_count, 0));
  const auto grids = make_grids(options, {8, 16, 32, 64});
  std::size_t cells = 0;
  for (const auto& grid : grids) cells += grid.cells();
  const auto table = find_table(outputs[0], [&](std::size_t columns) {
    return count > 0 ? columns == kSides + count : columns > kSides;
  });
  const bool is_one = outputs.size() == 1 && table && table->rows == cells;
  const auto scales = is_one ? split_table(*table, grids) : find_scales(outputs, options);
  Candidates candidates(options);
  for (const auto& scale : scales) scan(scale, candidates);
  return to_detections(candidates.select());
}

}  // namespace hailstone::vision
