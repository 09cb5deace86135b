// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells speech from the noise of a room by loudness, for live sound where no network for it is
// installed: the noise is what is left between the syllables, so that a fan that is switched on is
// noise after two seconds, however loud it is. The band of the vowels is looked at apart: a hiss
// that drowns the rest of a voice leaves it alone. Pure.

#include <memory>

#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::sound {

/// Takes what stays equally loud for two seconds for noise.
std::unique_ptr<VoiceDetector> make_microphone_detector();

}  // namespace hailstone::sound
