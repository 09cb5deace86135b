// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Speaks a text with a model of the task "speak", sentence by sentence.

#include <vector>

#include "base/run_context.hpp"
#include "services/common/tasks/task_models.hpp"
#include "services/speech/speak/script.hpp"
#include "services/speech/speak/task.hpp"
#include "services/speech/speak/voices.hpp"

namespace hailstone::speak {

/// Thread-safe.
class SpeakService {
 public:
  SpeakService(services::ModelAccess& models, std::vector<std::filesystem::path> catalog_folders)
      : models_(models, std::move(catalog_folders)) {}

  /// All that are installed, those of the newest model first.
  std::vector<Voice> voices() const;

  /// Blocks until all is said. on_speaker comes once, then on_sound for each piece; both may throw,
  /// which ends it. Throws Error(kBadRequest) for a text without words or bad SSML, kNotFound for a
  /// voice or model, what ModelAccess::acquire and SaySession::say throw.
  void speak(const Task& task, const OnSpeaker& on_speaker, const OnSound& on_sound,
             const RunContext& run);

 private:
  services::TaskModels models_;
};

}  // namespace hailstone::speak
