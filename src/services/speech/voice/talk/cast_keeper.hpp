// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keeps the models of a talk loaded while it goes on, without taking slots of them: each turn asks
// for its own.

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "core/runtime/runtime.hpp"
#include "services/common/tasks/task_models.hpp"
#include "services/speech/voice/talk/notes.hpp"
#include "services/speech/voice/talk/task.hpp"

namespace hailstone::speak {
class SpeakService;
}

namespace hailstone::voice {

/// Which of them a talk has use for, besides the recogniser.
struct CastParts {
  bool chat = true;
  bool speak = true;
};

/// The model that a talk chats with where it names none: the newest that is no starter model.
/// Throws as TaskModels::choose does.
std::string choose_chat_model(const services::TaskModels& models, const std::string& name);

/// Thread-safe.
class CastKeeper {
 public:
  CastKeeper(const services::TaskModels& models, const speak::SpeakService& speak) noexcept
      : models_(models), speak_(speak) {}

  /// Blocks until all are loaded; tells who they are. Throws what TaskModels::choose,
  /// speak::choose_voice and ModelAccess::acquire throw.
  CastNote load(const Cast& cast, CastParts parts, const RunContext& run);

  /// Gives those back that somebody wants gone. To be called again and again.
  void look();
  void drop();
  bool is_empty() const;

 private:
  std::string keep(const services::ChosenModel& model, const RunContext& run);

  const services::TaskModels& models_;
  const speak::SpeakService& speak_;
  mutable std::mutex mutex_;
  std::vector<core::Lease> leases_;  // guarded by mutex_
};

}  // namespace hailstone::voice
