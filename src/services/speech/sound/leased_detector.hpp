// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The voice detector that is best here, with the lease on what it needs.

#include <memory>
#include <optional>

#include "core/runtime/runtime.hpp"
#include "services/common/tasks/task_models.hpp"
#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::sound {

struct LeasedDetector {
  std::optional<core::Lease> lease = {};  ///< of the network that it asks, where there is one
  std::unique_ptr<VoiceDetector> detector = {};
};

/// Silero's network where it is installed, else by loudness: also where the network cannot be used,
/// which is no reason to hear nothing. run: of the work that it is for. Throws as run.check() does.
LeasedDetector acquire_detector(const services::TaskModels& models, const RunContext& run);

}  // namespace hailstone::sound
