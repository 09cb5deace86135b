// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small objects in large pictures: the picture is looked at in tiles that overlap, and what several
// tiles saw becomes one. Pure; any thread.

#include <vector>

#include "vision/results.hpp"

namespace hailstone::vision {

struct Tile {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

struct TilePlan {
  int width = 640;  ///< of a tile, in pixels of the picture
  int height = 640;
  double overlap = 0.2;  ///< of its size, 0 to 0.9
};

/// Tiles that cover the picture, row by row, all of the same size, spread evenly; one tile where
/// the picture is no larger. Throws Error(kBadRequest) for sizes below 1, an overlap out of range,
/// or more than 1024 tiles.
std::vector<Tile> plan_tiles(int picture_width, int picture_height, const TilePlan& plan);

struct FoundInTile {
  Tile tile;
  std::vector<Detection> detections;  ///< in pixels of the whole picture
};

struct MergeOptions {
  double iou_threshold = 0.5;
  double containment_threshold = 0.7;  ///< of the smaller box: halves of an object that was cut
  int max_detections = 300;
};

/// One list, best first, without the doubles of overlapping tiles. A box that touches the inner
/// edge of its tile was cut there and loses against a whole one of the same class.
std::vector<Detection> merge_tiles(const std::vector<FoundInTile>& found,
                                   const MergeOptions& options, int picture_width,
                                   int picture_height);

}  // namespace hailstone::vision
