// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/outputs.hpp"
#include "vision/detect/scan.hpp"

// Megvii's YOLOX, exported without its own decoding: one row per cell, strides 8, 16 and 32 one
// after the other. Middle = (value + cell) * stride, size = exp(value) * stride; objectness and
// class scores are through their sigmoids.

namespace hailstone::vision {
namespace {

Candidate read_box(const TableView& table, std::size_t row, const Grid& grid,
                   std::size_t cell) noexcept {
  const auto column = static_cast<float>(cell % grid.columns);
  const auto line = static_cast<float>(cell / grid.columns);
  return from_centre(
      (table.at(row, 0) + column) * grid.stride, (table.at(row, 1) + line) * grid.stride,
      std::exp(table.at(row, 2)) * grid.stride, std::exp(table.at(row, 3)) * grid.stride);
}

void scan(const TableView& table, std::size_t first, const Grid& grid, Candidates& candidates) {
  for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
    const std::size_t row = first + cell;
    const float objectness = table.at(row, 4);
    if (!(objectness >= candidates.threshold())) continue;
    const BestColumn best = best_column(table, row, 5, table.columns - 5);
    Candidate candidate = read_box(table, row, grid, cell);
    candidate.score = objectness * best.value;
    candidate.class_id = static_cast<int>(best.column);
    candidates.add(candidate);
  }
}

}  // namespace

Detections decode_yolox(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const auto grids = make_grids(options, {8, 16, 32});
  std::size_t cells = 0;
  for (const auto& grid : grids) cells += grid.cells();
  const auto count = static_cast<std::size_t>(std::max(options.class_count, 0));
  const auto table = find_table(
      outputs, [&](std::size_t columns) { return count > 0 ? columns == 5 + count : columns > 5; });
  if (!table || table->rows != cells) {
    outputs.refuse("[1," + std::to_string(cells) + ",5+" +
                   (count > 0 ? std::to_string(count) : "classes") + "]");
  }
  Candidates candidates(options);
  std::size_t first = 0;
  for (const auto& grid : grids) {
    scan(*table, first, grid, candidates);
    first += grid.cells();
  }
  return to_detections(candidates.select());
}

}  // namespace hailstone::vision
