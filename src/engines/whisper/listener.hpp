// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whisper hears clips; this makes a stream of them: what has been said so far is heard again at a
// steady pace, and for good where an utterance ends.

#include <functional>
#include <span>

#include "engines/whisper/transcriber.hpp"
#include "inference/audio_sessions.hpp"

namespace hailstone::engines::whisper {

using Decode = std::function<Transcript(std::span<const float> samples,
                                        const inference::HearOptions& options)>;

/// As HearSession::listen. Keeps one utterance, at most 25 seconds.
inference::HearResult listen(const inference::HearOptions& options, inference::AudioSource& source,
                             const Decode& decode, const inference::OnHeard& on_heard,
                             const RunContext& run);

}  // namespace hailstone::engines::whisper
