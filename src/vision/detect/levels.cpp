// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/detect/levels.hpp"

namespace hailstone::vision {
namespace {

/// One table of all levels, cut into its levels; nothing where no output is one.
std::vector<MapView> cut_table(const Outputs& outputs, const std::vector<Level>& levels,
                               std::size_t channels, std::size_t skip) {
  std::size_t rows = 0;
  for (const auto& level : levels) rows += level.grid.cells() * level.anchors;
  for (const auto& tensor : outputs) {
    const auto shape = tensor.shape();
    if (shape.size() != 2 || static_cast<std::size_t>(shape[0]) != rows ||
        static_cast<std::size_t>(shape[1]) != channels || (skip > 0 && skip-- > 0)) {
      continue;
    }
    std::vector<MapView> maps;
    const float* data = tensor.values().data();
    for (const auto& [grid, anchors] : levels) {
      const std::size_t all = anchors * channels;
      maps.push_back({data, grid.rows, grid.columns, all, grid.columns * all, all, 1});
      data += grid.cells() * all;
    }
    return maps;
  }
  return {};
}

}  // namespace

std::vector<MapView> find_levels(const Outputs& outputs, const std::vector<Level>& levels,
                                 std::size_t channels, std::size_t skip) {
  auto maps = cut_table(outputs, levels, channels, skip);
  if (!maps.empty()) return maps;
  for (const auto& level : levels) {
    maps.push_back(need_on_grid(outputs, level.grid, level.anchors, channels, skip));
  }
  return maps;
}

std::uint32_t pack(const std::vector<Level>& levels, const AnchorPlace& place) noexcept {
  std::size_t source = 0;
  for (std::size_t i = 0; i < place.level; ++i)
    source += levels[i].grid.cells() * levels[i].anchors;
  const Level& level = levels[place.level];
  source += (place.row * level.grid.columns + place.column) * level.anchors + place.anchor;
  return static_cast<std::uint32_t>(source);
}

AnchorPlace unpack(const std::vector<Level>& levels, std::uint32_t source) noexcept {
  AnchorPlace place;
  std::size_t rest = source;
  while (place.level + 1 < levels.size() &&
         rest >= levels[place.level].grid.cells() * levels[place.level].anchors) {
    rest -= levels[place.level].grid.cells() * levels[place.level].anchors;
    ++place.level;
  }
  const Level& level = levels[place.level];
  place.anchor = rest % level.anchors;
  place.column = rest / level.anchors % level.grid.columns;
  place.row = rest / level.anchors / level.grid.columns;
  return place;
}

}  // namespace hailstone::vision
