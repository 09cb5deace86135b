// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a decoder collects before suppression: small values without allocations, bounded in number.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vision/detect/detector.hpp"

namespace hailstone::vision {

struct Candidate {
  float x = 0;  ///< left, top, width, height in pixels of the input
  float y = 0;
  float width = 0;
  float height = 0;
  float score = 0;
  float angle = 0;
  int class_id = 0;
  std::uint32_t source = 0;  ///< where the decoder finds the rest: a row, a cell
};

Candidate from_centre(float x, float y, float width, float height) noexcept;
Candidate from_corners(float left, float top, float right, float bottom) noexcept;

Detection to_detection(const Candidate& candidate);

/// Confidence within 0 and 1; all 0 where something is not finite.
Keypoint make_keypoint(float x, float y, float confidence) noexcept;

/// The best 30 000 of all that are added; a value of one decoder's run.
class Candidates {
 public:
  /// Throws Error(kBadRequest) for thresholds that are not within 0 and 1, or no detections at all.
  explicit Candidates(const DetectOptions& options);

  float threshold() const noexcept { return threshold_; }

  /// Drops what is below the threshold, of an unwanted class, empty, or not finite.
  void add(const Candidate& candidate);

  /// The survivors of suppression, best first, equals as they were added. Once.
  std::vector<Candidate> select();
  /// The best without suppression: of networks that find each object once. Once.
  std::vector<Candidate> select_all();

 private:
  struct Entry {
    Candidate candidate;
    std::uint32_t number;  ///< in the order of add()
  };

  bool wants(int class_id) const noexcept;
  void keep_only_best();
  void sort() noexcept;

  float threshold_;
  Suppression suppression_;
  std::vector<bool> wanted_;  ///< by class; empty: all
  std::vector<Entry> entries_;
  std::uint32_t added_ = 0;
};

/// Detections of the candidates; fill(candidate, detection) adds what only survivors need.
template <typename Fill>
std::vector<Detection> to_detections(const std::vector<Candidate>& candidates, Fill fill) {
  std::vector<Detection> detections;
  detections.reserve(candidates.size());
  for (const auto& candidate : candidates) {
    fill(candidate, detections.emplace_back(to_detection(candidate)));
  }
  return detections;
}

std::vector<Detection> to_detections(const std::vector<Candidate>& candidates);

}  // namespace hailstone::vision
