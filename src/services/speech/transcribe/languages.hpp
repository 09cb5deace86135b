// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Languages by their codes and English names, as clients of Whisper know them. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::transcribe {

/// "en" for "en", "EN-us", "english"; empty for "", "auto". Nothing for what is no language.
std::optional<std::string> find_language_code(std::string_view text);

/// All that are known.
std::vector<std::string> language_codes();

/// "english" for "en"; the code itself where no name is known.
std::string language_name(std::string_view code);

}  // namespace hailstone::transcribe
