// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Options that come as text (a form, a query), read with types. Everything here throws
// Error(kBadRequest) that names the field and what would work, and nothing else.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::services {

double parse_number(std::string_view field, std::string_view text, double min, double max);
int parse_integer(std::string_view field, std::string_view text, int min, int max);
bool parse_truth(std::string_view field, std::string_view text);
/// The index of the word in the list.
std::size_t parse_word(std::string_view field, std::string_view text,
                       std::span<const std::string_view> words);
/// "person, car" -> {"person","car"}; empty ones are left out.
std::vector<std::string> parse_names(std::string_view text);

}  // namespace hailstone::services
