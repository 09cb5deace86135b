// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON of the method "phonemes".

#include <optional>
#include <string>

namespace hailstone::engines::espeak {

struct PhonemeCall {
  std::string text;
  std::string voice;  ///< empty: the model's own
};

/// Nothing where the JSON is not {"text": "...", "voice": "..."}.
std::optional<PhonemeCall> read_phoneme_call(const std::string& json);

std::string write_phonemes(const std::string& phonemes);

}  // namespace hailstone::engines::espeak
