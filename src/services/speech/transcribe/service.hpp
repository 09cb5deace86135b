// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Turns recordings into text with a model of the task "transcribe", piece by piece, so that hours
// of them take the memory of a moment, and many at once take turns.

#include <vector>

#include "base/run_context.hpp"
#include "media/audio/files/byte_source.hpp"
#include "services/common/tasks/task_models.hpp"
#include "services/speech/transcribe/task.hpp"

namespace hailstone::transcribe {

/// A model that is ready to hear a stream. Holds its lease.
struct Listening {
  std::string model;
  std::string engine;
  /// Blocks until the source ends; once. Gives the language. Throws what HearSession::listen
  /// throws.
  std::function<std::string(inference::AudioSource& source, const inference::OnHeard& on_heard)>
      run;
};

/// Thread-safe.
class TranscribeService {
 public:
  TranscribeService(services::ModelAccess& models,
                    std::vector<std::filesystem::path> catalog_folders)
      : models_(models, std::move(catalog_folders)) {}

  /// Blocks. on_update may be empty, and may throw, which ends the work. Throws what
  /// media::SoundStream throws for bad audio, before a model is loaded; what TaskModels::choose,
  /// ModelAccess::acquire and HearSession::hear throw.
  Result transcribe(media::ByteSource& audio, const Task& task, const OnUpdate& on_update,
                    const RunContext& run);

  /// For sound that comes while it is spoken; of the task its trimming and times do not count.
  /// Throws Error(kUnsupported) for a model that hears whole clips alone, and as transcribe().
  Listening listen(const Task& task, const RunContext& run);

 private:
  services::TaskModels models_;
};

}  // namespace hailstone::transcribe
