// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Non-maximum suppression: of boxes that mean the same object, the best stays. Pure; any thread.

#include <cstdint>
#include <vector>

#include "vision/results.hpp"

namespace hailstone::vision {

enum class Rivals : std::uint8_t { kSameClass, kAllClasses };

struct Suppression {
  double iou_threshold = 0.45;
  int max_detections = 300;
  Rivals rivals = Rivals::kSameClass;
};

/// Intersection over union, 0 to 1; of empty boxes 0.
double overlap(const Box& a, const Box& b) noexcept;
/// Of two turned boxes: both with their angles.
double oriented_overlap(const Detection& a, const Detection& b);
/// Intersection over the smaller one's area: 1 where one lies within the other.
double containment(const Box& a, const Box& b) noexcept;

/// Greedy: best score first, equals in the given order. Compares turned boxes as such.
std::vector<Detection> suppress(std::vector<Detection> detections, const Suppression& options);

}  // namespace hailstone::vision
