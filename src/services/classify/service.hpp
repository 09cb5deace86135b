// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Says what a whole picture shows, with a model of the task "classify".

#include "base/clock.hpp"
#include "services/classify/task.hpp"
#include "services/picture/model_choice.hpp"

namespace hailstone::classify {

/// Thread-safe.
class ClassifyService {
 public:
  explicit ClassifyService(picture::ModelChoice& choice, const Clock& clock = system_clock())
      : choice_(choice), clock_(clock) {}

  /// Throws Error(kBadRequest, kTooLarge) for a bad picture, kUnsupported for a model that is no
  /// classifier, and what picture::ModelChoice and picture::Network throw.
  Result classify(picture::Photo& photo, const Task& task, const RunContext& run);

 private:
  picture::ModelChoice& choice_;
  const Clock& clock_;
};

}  // namespace hailstone::classify
