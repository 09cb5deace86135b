// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How pose answers: a network that finds people with their joints looks at the picture. The way
// from pixels through the network to people is picture::ObjectFinder's, which all that find objects
// share.

#include "base/run_context.hpp"
#include "services/vision/pose/task.hpp"

namespace hailstone::pose {

/// Thread-safe. The finder outlives it.
class PoseService {
 public:
  explicit PoseService(picture::ObjectFinder& finder) noexcept : finder_(finder) {}

  /// Blocks. Throws as ObjectFinder::find does.
  Result find_people(picture::Photo& photo, const picture::ObjectTask& task,
                     const RunContext& run) const {
    return finder_.find("pose", photo, task, run);
  }

 private:
  picture::ObjectFinder& finder_;
};

}  // namespace hailstone::pose
