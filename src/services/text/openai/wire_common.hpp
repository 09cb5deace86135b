// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fields that several of OpenAI's requests and replies share. Pure.

#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "http/json_fields.hpp"
#include "services/text/openai/task.hpp"

namespace hailstone::openai {

inline constexpr int kMostInt = std::numeric_limits<int>::max();
inline constexpr int kMostTopLogprobs = 20;
inline constexpr int kMostChoices = 128;

/// "n"
int read_choices(const http::Fields& request);
/// "stream_options"
Usage read_usage(const http::Fields& request);
/// A number of tokens.
std::optional<int> find_limit(const http::Fields& request, std::string_view name);
/// {"prompt_tokens","completion_tokens",...}; of several choices together.
http::Json write_usage(const chat::Summary& sum);

}  // namespace hailstone::openai
