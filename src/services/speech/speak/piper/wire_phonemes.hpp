// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON of espeak's method "phonemes".

#include <string>

namespace hailstone::speak {

std::string write_phoneme_request(const std::string& text, const std::string& voice);

/// Throws Error(kEngineFailed) for anything but a text.
std::string read_phonemes(const std::string& json);

}  // namespace hailstone::speak
