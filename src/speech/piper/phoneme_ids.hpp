// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From what is pronounced to the numbers that a Piper network takes. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "speech/piper/voice_config.hpp"

namespace hailstone::speech::piper {

/// Clauses as espeak-ng gives them, a line for each with the mark that ends it in the text, to one
/// text per sentence: without the marks of languages, "(en)", a blank behind , : ; and a full stop
/// where the last one ends without a mark.
std::vector<std::string> sentences_of(std::string_view clauses);

/// A sentence of phonemes, or of text for voices that take it, in UTF-8: decomposed (NFD), replaced
/// and clustered as the voice wants it, each symbol's numbers followed by the pause's, between the
/// numbers of the beginning and the end. What the voice does not know is left out; empty where
/// nothing is left.
std::vector<std::int64_t> ids_of(const VoiceConfig& voice, std::string_view sentence);

}  // namespace hailstone::speech::piper
