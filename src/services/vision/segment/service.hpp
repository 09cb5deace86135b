// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds what belongs together: objects with a model of the task "segment", kinds of surface with
// one of the task "semantic", or whose decoder is "class-map".

#include "base/clock.hpp"
#include "services/vision/picture/objects.hpp"
#include "services/vision/segment/task.hpp"

namespace hailstone::segment {

/// Thread-safe.
class SegmentService {
 public:
  explicit SegmentService(picture::ModelChoice& choice, const Clock& clock = system_clock())
      : choice_(choice), finder_(choice, clock), clock_(clock) {}

  /// Throws as picture::ObjectFinder::find does, and Error(kBadRequest) for a model of the other
  /// kind than the one that is asked for.
  Result segment(picture::Photo& photo, const Task& task, const RunContext& run);

 private:
  Result find_classes(picture::Network& network, picture::Photo& photo, const Task& task,
                      const RunContext& run) const;

  picture::ModelChoice& choice_;
  picture::ObjectFinder finder_;
  const Clock& clock_;
};

}  // namespace hailstone::segment
