// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/boxes/tiles.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "vision/boxes/greedy.hpp"
#include "vision/boxes/suppress.hpp"

namespace hailstone::vision {
namespace {

constexpr std::size_t kMaxTiles = 1024;
constexpr double kTouches = 2;  ///< pixels between a box and the edge that it is cut by

/// Where the tiles begin along one side.
std::vector<int> plan_side(int picture, int tile, double overlap) {
  if (tile >= picture) return {0};
  const double step = std::max(tile * (1 - overlap), 1.0);
  const double steps = std::ceil((picture - tile) / step - 1e-9);
  if (steps >= kMaxTiles) {
    throw Error(ErrorCode::kBadRequest,
                "tiles of " + std::to_string(tile) + " pixels are too many for a side of " +
                    std::to_string(picture),
                "take larger tiles or a smaller picture");
  }
  std::vector<int> begins;
  for (int i = 0; i <= static_cast<int>(steps); ++i) {
    begins.push_back(static_cast<int>(std::lround((picture - tile) * (i / steps))));
  }
  return begins;
}

void check(int width, int height, const TilePlan& plan) {
  if (width < 1 || height < 1 || plan.width < 1 || plan.height < 1) {
    throw Error(ErrorCode::kBadRequest, "pictures and tiles have at least one pixel");
  }
  if (!(plan.overlap >= 0 && plan.overlap <= 0.9)) {
    throw Error(ErrorCode::kBadRequest, "the overlap of tiles is from 0 to 0.9");
  }
}

struct Candidate {
  Detection found;
  bool is_cut = false;
};

bool is_cut(const Box& box, const Tile& tile, int width, int height) noexcept {
  const auto touches = [](double a, double b) { return std::abs(a - b) <= kTouches; };
  return (tile.x > 0 && touches(box.x, tile.x)) || (tile.y > 0 && touches(box.y, tile.y)) ||
         (tile.x + tile.width < width && touches(box.x + box.width, tile.x + tile.width)) ||
         (tile.y + tile.height < height && touches(box.y + box.height, tile.y + tile.height));
}

bool is_same(const Candidate& a, const Candidate& b, const MergeOptions& options) {
  if (a.found.class_id != b.found.class_id) return false;
  if (oriented_overlap(a.found, b.found) > options.iou_threshold) return true;
  return (a.is_cut || b.is_cut) &&
         containment(a.found.box, b.found.box) > options.containment_threshold;
}

}  // namespace

std::vector<Tile> plan_tiles(int picture_width, int picture_height, const TilePlan& plan) {
  check(picture_width, picture_height, plan);
  const auto columns = plan_side(picture_width, plan.width, plan.overlap);
  const auto rows = plan_side(picture_height, plan.height, plan.overlap);
  if (columns.size() * rows.size() > kMaxTiles) {
    throw Error(ErrorCode::kBadRequest,
                "the picture needs " + std::to_string(columns.size() * rows.size()) + " tiles",
                "at most " + std::to_string(kMaxTiles) + ": take larger ones");
  }
  std::vector<Tile> tiles;
  for (const int y : rows) {
    for (const int x : columns) {
      tiles.push_back(
          {x, y, std::min(plan.width, picture_width), std::min(plan.height, picture_height)});
    }
  }
  return tiles;
}

std::vector<Detection> merge_tiles(const std::vector<FoundInTile>& found,
                                   const MergeOptions& options, int picture_width,
                                   int picture_height) {
  std::vector<Candidate> all;
  for (const auto& [tile, detections] : found) {
    for (const auto& detection : detections) {
      all.push_back({detection, is_cut(detection.box, tile, picture_width, picture_height)});
    }
  }
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (all[a].is_cut != all[b].is_cut) return all[b].is_cut;
    return all[a].found.score > all[b].found.score;
  });
  const auto is_rival = [&](std::size_t a, std::size_t b) {
    return is_same(all[a], all[b], options);
  };
  std::vector<Detection> merged;
  for (const auto index : keep_best(order, all.size(), is_rival)) {
    merged.push_back(std::move(all[index].found));
  }
  std::stable_sort(merged.begin(), merged.end(),
                   [](const Detection& a, const Detection& b) { return a.score > b.score; });
  const auto count = static_cast<std::size_t>(std::max(options.max_detections, 0));
  if (merged.size() > count) merged.resize(count);
  return merged;
}

}  // namespace hailstone::vision
