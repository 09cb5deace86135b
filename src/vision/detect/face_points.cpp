// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/levels.hpp"

// Face detectors without priors. Their five points are those of vision/boxes/face_alignment.hpp.

namespace hailstone::vision {
namespace {

constexpr std::size_t kPoints = 5;

std::vector<Level> make_levels(const DetectOptions& options, std::size_t anchors) {
  std::vector<Level> levels;
  for (const auto& grid : make_grids(options, {8, 16, 32})) levels.push_back({grid, anchors});
  return levels;
}

/// Points as multiples of the stride from the cell's corner.
Detections to_faces(const std::vector<Candidate>& candidates, const std::vector<Level>& levels,
                    const std::vector<MapView>& points) {
  return to_detections(candidates, [&](const Candidate& from, Detection& found) {
    const AnchorPlace place = unpack(levels, from.source);
    const MapView& map = points[place.level];
    const float stride = levels[place.level].grid.stride;
    for (std::size_t i = 0; i < kPoints; ++i) {
      const std::size_t channel = (place.anchor * kPoints + i) * 2;
      const float x = map.at(place.row, place.column, channel);
      const float y = map.at(place.row, place.column, channel + 1);
      found.keypoints.push_back(make_keypoint((static_cast<float>(place.column) + x) * stride,
                                              (static_cast<float>(place.row) + y) * stride,
                                              from.score));
    }
  });
}

}  // namespace

// SCRFD (Guo et al. 2021, InsightFace): two anchors in each cell; a box is its four distances from
// the cell's corner, in strides. Scores are through a sigmoid.
Detections decode_scrfd(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const auto levels = make_levels(options, 2);
  const auto scores = find_levels(outputs, levels, 1);
  const auto boxes = find_levels(outputs, levels, 4);
  const auto points = find_levels(outputs, levels, 2 * kPoints);
  Candidates candidates(options);
  for_each_anchor(levels, [&](std::size_t i, std::size_t row, std::size_t column, std::size_t a) {
    const float score = scores[i].at(row, column, a);
    if (!(score >= candidates.threshold())) return;
    const float stride = levels[i].grid.stride;
    const auto x = static_cast<float>(column);
    const auto y = static_cast<float>(row);
    const auto side = [&](std::size_t k) { return boxes[i].at(row, column, 4 * a + k); };
    Candidate candidate = from_corners((x - side(0)) * stride, (y - side(1)) * stride,
                                       (x + side(2)) * stride, (y + side(3)) * stride);
    candidate.score = score;
    candidate.source = pack(levels, {i, row, column, a});
    candidates.add(candidate);
  });
  return to_faces(candidates.select(), levels, points);
}

// YuNet (2023mar) as OpenCV's FaceDetectorYN reads it: score = sqrt(class * objectness), middle =
// (cell + value) * stride, size = exp(value) * stride.
Detections decode_yunet(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const auto levels = make_levels(options, 1);
  const auto classes = find_levels(outputs, levels, 1);
  const auto objectness = find_levels(outputs, levels, 1, 1);
  const auto boxes = find_levels(outputs, levels, 4);
  const auto points = find_levels(outputs, levels, 2 * kPoints);
  Candidates candidates(options);
  for_each_anchor(levels, [&](std::size_t i, std::size_t row, std::size_t column, std::size_t) {
    const float score = std::sqrt(std::clamp(classes[i].at(row, column, 0), 0.0F, 1.0F) *
                                  std::clamp(objectness[i].at(row, column, 0), 0.0F, 1.0F));
    if (!(score >= candidates.threshold())) return;
    const float stride = levels[i].grid.stride;
    const auto value = [&](std::size_t k) { return boxes[i].at(row, column, k); };
    Candidate candidate = from_centre((static_cast<float>(column) + value(0)) * stride,
                                      (static_cast<float>(row) + value(1)) * stride,
                                      std::exp(value(2)) * stride, std::exp(value(3)) * stride);
    candidate.score = score;
    candidate.source = pack(levels, {i, row, column, 0});
    candidates.add(candidate);
  });
  return to_faces(candidates.select(), levels, points);
}

}  // namespace hailstone::vision
