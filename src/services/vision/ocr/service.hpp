// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the text in a picture with a model of the task "ocr".

#include "base/clock.hpp"
#include "services/vision/ocr/task.hpp"
#include "services/vision/picture/model_choice.hpp"

namespace hailstone::ocr {

/// Thread-safe.
class OcrService {
 public:
  explicit OcrService(picture::ModelChoice& choice, const Clock& clock = system_clock())
      : choice_(choice), clock_(clock) {}

  /// Throws Error(kBadRequest, kTooLarge) for a bad picture or region, what
  /// picture::ModelChoice and ModelAccess::acquire throw, and what ReadSession::read throws:
  /// kUnsupported names the languages that are installed.
  /// A model of two networks (pair.hpp) knows no languages: kBadRequest where one is asked for.
  Result read(picture::Photo& photo, const Task& task, const RunContext& run);

 private:
  Result read_by_session(picture::Photo& photo, const Task& task, const picture::VisionModel& model,
                         const RunContext& run);
  Result read_by_networks(picture::Photo& photo, const Task& task,
                          const picture::VisionModel& model, const RunContext& run);

  picture::ModelChoice& choice_;
  const Clock& clock_;
};

}  // namespace hailstone::ocr
