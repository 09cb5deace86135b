// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Silero's networks for voice activity, version 4 to 6, told apart by their inputs.

#include <memory>

#include "inference/tensor_session.hpp"
#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::sound {

/// The session outlives it. run: of the work that it is for. Throws Error(kUnsupported) for a
/// network that is another.
std::unique_ptr<VoiceDetector> make_silero_detector(inference::TensorSession& session,
                                                    const RunContext& run);

}  // namespace hailstone::sound
