// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depth from one picture (task "depth") or from a pair (task "stereo").

#include "base/clock.hpp"
#include "services/vision/depth/task.hpp"
#include "services/vision/picture/model_choice.hpp"

namespace hailstone::depth {

/// Thread-safe.
class DepthService {
 public:
  explicit DepthService(picture::ModelChoice& choice, const Clock& clock = system_clock())
      : choice_(choice), clock_(clock) {}

  /// Throws Error(kBadRequest, kTooLarge) for pictures that are none or no pair, and what
  /// picture::ModelChoice and picture::Network throw.
  /// photos: the first, or of a pair "left" and "right", which must be there.
  Result measure(std::vector<picture::Photo>& photos, const Task& task, const RunContext& run);

 private:
  picture::ModelChoice& choice_;
  const Clock& clock_;
};

}  // namespace hailstone::depth
