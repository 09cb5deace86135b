// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a whole picture shows, by a classifier.

#include <string>

#include "services/vision/picture/network.hpp"

namespace hailstone::deepstack {

struct Scene {
  std::string label;
  double confidence = 0;
  std::string model;
  std::string engine;
  picture::Timings timings;
};

/// By the default model of the task "classify" that knows its labels: one that compares pictures
/// with words has none of its own. Throws Error(kUnsupported) for another, as ModelChoice::choose
/// and Network do, and Error(kBadRequest) for a bad picture.
Scene find_scene(picture::ModelChoice& choice, picture::Photo& photo, const RunContext& run);

}  // namespace hailstone::deepstack
