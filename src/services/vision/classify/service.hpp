// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Says what a whole picture shows, with a model of the task "classify".

#include "base/clock.hpp"
#include "services/vision/classify/task.hpp"
#include "services/vision/classify/text_encoder.hpp"
#include "services/vision/picture/model_choice.hpp"

namespace hailstone::classify {

/// Thread-safe.
class ClassifyService {
 public:
  explicit ClassifyService(picture::ModelChoice& choice, const Clock& clock = system_clock())
      : choice_(choice), clock_(clock) {}

  /// Throws Error(kBadRequest, kTooLarge) for a bad picture, kBadRequest for labels where the model
  /// takes none and the other way round, kUnsupported for a model that is no classifier, and what
  /// picture::ModelChoice and picture::Network throw.
  Result classify(picture::Photo& photo, const Task& task, const RunContext& run);

 private:
  std::vector<Label> read_classes(picture::Network& network, picture::Photo& photo,
                                  const Task& task, const RunContext& run) const;
  std::vector<Label> compare(picture::Network& network, picture::Photo& photo, const Task& task,
                             const RunContext& run);

  picture::ModelChoice& choice_;
  const Clock& clock_;
  EmbeddingCache texts_;
};

}  // namespace hailstone::classify
