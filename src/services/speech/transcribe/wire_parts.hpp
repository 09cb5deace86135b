// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the dialects of this room have in common. For its wire files only.

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "services/speech/transcribe/wire.hpp"

namespace hailstone::transcribe {

double to_seconds(std::chrono::milliseconds time) noexcept;

/// {"word","begin","end","probability"}
nlohmann::ordered_json word_json(const inference::HeardWord& word);

/// "a, b" and "c" to a, b, c.
std::vector<std::string> split_lists(const std::vector<std::string>& texts);

/// Names of OpenAI's models, which mean what is installed.
bool is_alias(std::string_view model) noexcept;

/// "model", "language", "prompt", "temperature".
void parse_common(const sound::AudioRequest& request, Task& task);

bool parse_flag(const sound::AudioRequest& request, const char* field, bool fallback);

}  // namespace hailstone::transcribe
