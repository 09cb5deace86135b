// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Face detectors' outputs: for each stride and anchor some values; as one map per stride, as one
// table per stride, or as one table of all strides.

#include <cstddef>
#include <vector>

#include "vision/detect/outputs.hpp"

namespace hailstone::vision {

struct Level {
  Grid grid;
  std::size_t anchors = 1;
};

/// A map of anchors * channels for each level. Throws Error(kEngineFailed).
std::vector<MapView> find_levels(const Outputs& outputs, const std::vector<Level>& levels,
                                 std::size_t channels, std::size_t skip = 0);

/// visit(level index, row, column, anchor) for every anchor.
template <typename Visit>
void for_each_anchor(const std::vector<Level>& levels, Visit visit) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    for (std::size_t row = 0; row < levels[i].grid.rows; ++row) {
      for (std::size_t column = 0; column < levels[i].grid.columns; ++column) {
        for (std::size_t a = 0; a < levels[i].anchors; ++a) visit(i, row, column, a);
      }
    }
  }
}

/// Where an anchor is, for Candidate::source and back.
struct AnchorPlace {
  std::size_t level = 0;
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t anchor = 0;
};
std::uint32_t pack(const std::vector<Level>& levels, const AnchorPlace& place) noexcept;
AnchorPlace unpack(const std::vector<Level>& levels, std::uint32_t source) noexcept;

}  // namespace hailstone::vision
