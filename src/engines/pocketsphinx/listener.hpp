// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stream of sound as utterances of a decoder, which tells at any time what it has heard so far.

#include "engines/pocketsphinx/decoder.hpp"
#include "inference/audio_sessions.hpp"

namespace hailstone::engines::pocketsphinx {

/// A segment of words; by: what their times count from.
inference::HeardSegment make_segment(std::vector<inference::HeardWord> words,
                                     std::chrono::milliseconds by, bool want_words);

/// As HearSession::listen.
inference::HearResult listen(Decoder& decoder, const inference::HearOptions& options,
                             inference::AudioSource& source, const inference::OnHeard& on_heard,
                             const RunContext& run);

}  // namespace hailstone::engines::pocketsphinx
