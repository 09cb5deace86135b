// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/levels.hpp"

// Face detectors with square priors in the middle of each cell, as SSD has them: middle = prior +
// 0.1 * value * size, size = prior * exp(0.2 * value). Scores are background and face.
// RetinaFace (Deng et al. 2019, biubug6's Pytorch_Retinaface) and UltraFace (Linzaer), which Hailo
// calls lightface.

namespace hailstone::vision {
namespace {

constexpr std::size_t kPoints = 5;
constexpr float kMiddleVariance = 0.1F;
constexpr float kSizeVariance = 0.2F;

struct PriorLevel {
  int stride;
  std::vector<float> sizes;  ///< pixels
};

struct Prior {
  float x;
  float y;
  float size;
};

class Priors {
 public:
  Priors(const DetectOptions& options, const std::vector<PriorLevel>& levels) {
    for (const auto& level : levels) {
      levels_.push_back({make_grids(options, {level.stride}).front(), level.sizes.size()});
      sizes_.push_back(level.sizes);
    }
  }

  const std::vector<Level>& levels() const noexcept { return levels_; }

  Prior at(const AnchorPlace& place) const noexcept {
    const float stride = levels_[place.level].grid.stride;
    return {(static_cast<float>(place.column) + 0.5F) * stride,
            (static_cast<float>(place.row) + 0.5F) * stride, sizes_[place.level][place.anchor]};
  }

 private:
  std::vector<Level> levels_;
  std::vector<std::vector<float>> sizes_;
};

/// Whether all pairs are probabilities already.
bool are_probabilities(const std::vector<Level>& levels, const std::vector<MapView>& scores) {
  bool all = true;
  for_each_anchor(levels, [&](std::size_t i, std::size_t row, std::size_t column, std::size_t a) {
    const float none = scores[i].at(row, column, 2 * a);
    const float face = scores[i].at(row, column, 2 * a + 1);
    all = all && none >= 0 && face >= 0 && std::abs(none + face - 1) < 0.02F;
  });
  return all;
}

std::vector<Candidate> find_faces(const Outputs& outputs, const Priors& priors,
                                  const DetectOptions& options) {
  const auto& levels = priors.levels();
  const auto scores = find_levels(outputs, levels, 2);
  const auto boxes = find_levels(outputs, levels, 4);
  const bool ready = are_probabilities(levels, scores);
  Candidates candidates(options);
  for_each_anchor(levels, [&](std::size_t i, std::size_t row, std::size_t column, std::size_t a) {
    const float none = scores[i].at(row, column, 2 * a);
    const float face = scores[i].at(row, column, 2 * a + 1);
    const float score = ready ? face : sigmoid(face - none);
    if (!(score >= candidates.threshold())) return;
    const AnchorPlace place = {i, row, column, a};
    const Prior prior = priors.at(place);
    const auto value = [&](std::size_t k) { return boxes[i].at(row, column, 4 * a + k); };
    Candidate candidate = from_centre(prior.x + kMiddleVariance * value(0) * prior.size,
                                      prior.y + kMiddleVariance * value(1) * prior.size,
                                      prior.size * std::exp(kSizeVariance * value(2)),
                                      prior.size * std::exp(kSizeVariance * value(3)));
    candidate.score = score;
    candidate.source = pack(levels, place);
    candidates.add(candidate);
  });
  return candidates.select();
}

}  // namespace

Detections decode_retinaface(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const Priors priors(options, {{8, {16, 32}}, {16, {64, 128}}, {32, {256, 512}}});
  const auto points = find_levels(outputs, priors.levels(), 2 * kPoints);
  const auto faces = find_faces(outputs, priors, options);
  return to_detections(faces, [&](const Candidate& from, Detection& found) {
    const AnchorPlace place = unpack(priors.levels(), from.source);
    const Prior prior = priors.at(place);
    for (std::size_t i = 0; i < kPoints; ++i) {
      const std::size_t channel = (place.anchor * kPoints + i) * 2;
      const MapView& map = points[place.level];
      const float x = map.at(place.row, place.column, channel);
      const float y = map.at(place.row, place.column, channel + 1);
      found.keypoints.push_back(make_keypoint(prior.x + kMiddleVariance * x * prior.size,
                                              prior.y + kMiddleVariance * y * prior.size,
                                              from.score));
    }
  });
}

Detections decode_lightface(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const Priors priors(options,
                      {{8, {10, 16, 24}}, {16, {32, 48}}, {32, {64, 96}}, {64, {128, 192, 256}}});
  return to_detections(find_faces(outputs, priors, options));
}

}  // namespace hailstone::vision
