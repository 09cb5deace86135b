// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How detect answers: a model for upright boxes or for turned ones looks at the picture, whole or
// in parts. The way from pixels through the network to boxes is picture::ObjectFinder's, which all
// that find objects share.

#include "base/run_context.hpp"
#include "services/vision/detect/task.hpp"

namespace hailstone::detect {

/// Thread-safe. The finder outlives it.
class DetectService {
 public:
  explicit DetectService(picture::ObjectFinder& finder) noexcept : finder_(finder) {}

  /// Blocks. Without a model's name one with upright boxes is taken, where there is any. Throws as
  /// ObjectFinder::find does.
  Result detect(picture::Photo& photo, const picture::ObjectTask& task,
                const RunContext& run) const;

 private:
  picture::ObjectFinder& finder_;
};

}  // namespace hailstone::detect
