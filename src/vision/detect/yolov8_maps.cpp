// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <numbers>

#include "vision/detect/candidates.hpp"
#include "vision/detect/outputs.hpp"
#include "vision/detect/scan.hpp"
#include "vision/detect/yolov8_parts.hpp"

// The raw maps. Per cell 64 values of the box: its four sides, each a distribution over 16 bins
// (distribution focal loss, Li et al. 2020) of the distance from the cell's middle, in strides.
// Class scores are through a sigmoid already; key points and angles are not.

namespace hailstone::vision {
namespace {

constexpr std::size_t kBins = 16;
constexpr std::size_t kBoxChannels = 4 * kBins;

struct Scale {
  Grid grid;
  MapView box;
  MapView score;
  MapView extra;
  std::size_t first_cell = 0;  ///< of all scales together
};

struct Place {
  const Scale* scale;
  std::size_t row;
  std::size_t column;

  float x() const noexcept { return (static_cast<float>(column) + 0.5F) * scale->grid.stride; }
  float y() const noexcept { return (static_cast<float>(row) + 0.5F) * scale->grid.stride; }
};

/// The mean of a distribution that is given as logits.
float expected_bin(const float* logits, std::size_t step) noexcept {
  float largest = logits[0];
  for (std::size_t i = 1; i < kBins; ++i) largest = std::max(largest, logits[i * step]);
  float sum = 0;
  float weighted = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    const float weight = std::exp(logits[i * step] - largest);
    sum += weight;
    weighted += weight * static_cast<float>(i);
  }
  return weighted / sum;
}

std::array<float, 4> read_sides(const Place& place) noexcept {
  const MapView& box = place.scale->box;
  const float* cell = box.cell(place.row, place.column);
  std::array<float, 4> sides;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    sides[i] = expected_bin(cell + i * kBins * box.channel_step, box.channel_step) *
               place.scale->grid.stride;
  }
  return sides;
}

Candidate read_box(const Place& place) noexcept {
  const auto [left, top, right, bottom] = read_sides(place);
  return from_corners(place.x() - left, place.y() - top, place.x() + right, place.y() + bottom);
}

/// Ultralytics' dist2rbox: the sides are those of the turned box.
Candidate read_turned_box(const Place& place) noexcept {
  const auto [left, top, right, bottom] = read_sides(place);
  const float raw = place.scale->extra.at(place.row, place.column, 0);
  const float angle = (sigmoid(raw) - 0.25F) * std::numbers::pi_v<float>;
  const float u = (right - left) / 2;
  const float v = (bottom - top) / 2;
  Candidate candidate = from_centre(place.x() + u * std::cos(angle) - v * std::sin(angle),
                                    place.y() + u * std::sin(angle) + v * std::cos(angle),
                                    left + right, top + bottom);
  candidate.angle = angle;
  return candidate;
}

void fill_extra(const Place& place, Yolov8Head head, Detection& found) {
  const MapView& extra = place.scale->extra;
  const auto value = [&](std::size_t c) { return extra.at(place.row, place.column, c); };
  if (head == Yolov8Head::kSegment) {
    found.mask_coefficients.reserve(extra.channels);
    for (std::size_t c = 0; c < extra.channels; ++c) {
      append_coefficient(found.mask_coefficients, value(c));
    }
  }
  if (head == Yolov8Head::kPose) {
    const float stride = place.scale->grid.stride;
    found.keypoints.reserve(extra.channels / 3);
    for (std::size_t c = 0; c + 2 < extra.channels; c += 3) {
      found.keypoints.push_back(make_keypoint(stride * (2 * value(c) - 0.5F) + place.x(),
                                              stride * (2 * value(c + 1) - 0.5F) + place.y(),
                                              sigmoid(value(c + 2))));
    }
  }
}

bool is_extra(Yolov8Head head, std::size_t channels) noexcept {
  switch (head) {
    case Yolov8Head::kBoxes:
      return false;
    case Yolov8Head::kPose:
      return channels >= 3 && channels % 3 == 0;
    case Yolov8Head::kSegment:
      return channels == kMaskCoefficients;
    case Yolov8Head::kOriented:
      return channels == 1;
  }
  return false;
}

bool is_score(Yolov8Head head, std::size_t channels, int class_count) noexcept {
  if (head == Yolov8Head::kPose) return channels == 1;
  return class_count > 0 ? channels == static_cast<std::size_t>(class_count) : channels > 0;
}

/// Boxes, scores, extra of one stride. Where two could be either, scores come first.
std::optional<Scale> find_scale(const Outputs& outputs, const Grid& grid, Yolov8Head head,
                                int class_count) {
  std::optional<MapView> box;
  std::optional<MapView> score;
  std::optional<MapView> extra;
  for (const auto& tensor : outputs) {
    const auto map = find_on_grid(tensor, grid);
    if (!map) continue;
    const bool fits_extra = is_extra(head, map->channels) && !extra;
    const bool fits_score = is_score(head, map->channels, class_count) && !score;
    if (map->channels == kBoxChannels && !box) {
      box = map;
    } else if (fits_extra && !(fits_score && class_count == static_cast<int>(map->channels))) {
      extra = map;
    } else if (fits_score) {
      score = map;
    }
  }
  if (!box || !score || (head != Yolov8Head::kBoxes && !extra)) return std::nullopt;
  return Scale{grid, *box, *score, extra.value_or(MapView{}), 0};
}

std::vector<Scale> find_scales(const Outputs& outputs, Yolov8Head head,
                               const DetectOptions& options) {
  std::vector<Scale> scales;
  std::size_t cells = 0;
  for (const auto& grid : make_grids(options, {8, 16, 32})) {
    auto scale = find_scale(outputs, grid, head, options.class_count);
    if (!scale) {
      outputs.refuse("for " + std::to_string(grid.rows) + " x " + std::to_string(grid.columns) +
                     " cells one map of 64 channels, one of the classes, and what its task adds");
    }
    scale->first_cell = cells;
    cells += grid.cells();
    scales.push_back(*scale);
  }
  return scales;
}

Place place_of(const std::vector<Scale>& scales, std::size_t cell) noexcept {
  const Scale* scale = &scales.front();
  for (const auto& candidate : scales) {
    if (cell >= candidate.first_cell) scale = &candidate;
  }
  const std::size_t local = cell - scale->first_cell;
  return {scale, local / scale->grid.columns, local % scale->grid.columns};
}

}  // namespace

Detections decode_yolov8_maps(const Outputs& outputs, Yolov8Head head,
                              const DetectOptions& options) {
  const auto scales = find_scales(outputs, head, options);
  Candidates candidates(options);
  for (const auto& scale : scales) {
    scan_columns(cells_of(scale.score), candidates.threshold(),
                 [&](std::size_t cell, std::size_t class_id, float score) {
                   const Place place = place_of(scales, scale.first_cell + cell);
                   Candidate candidate =
                       head == Yolov8Head::kOriented ? read_turned_box(place) : read_box(place);
                   candidate.score = score;
                   candidate.class_id = static_cast<int>(class_id);
                   candidate.source = static_cast<std::uint32_t>(scale.first_cell + cell);
                   candidates.add(candidate);
                 });
  }
  return to_detections(candidates.select(), [&](const Candidate& from, Detection& found) {
    fill_extra(place_of(scales, from.source), head, found);
  });
}

}  // namespace hailstone::vision
