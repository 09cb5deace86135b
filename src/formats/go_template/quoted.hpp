// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Texts and characters as Go's source has them, and UTF-8. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hailstone::go_template {

/// What stands between quotes, escapes resolved; nothing for an escape that Go does not know.
std::optional<std::string> find_unquoted(std::string_view inside);

/// In double quotes, as strconv.Quote writes it.
std::string quote(std::string_view text);

/// The code point that is the whole text; nothing where it is none or more than one.
std::optional<char32_t> find_character(std::string_view text);

/// Takes the first code point off text, which is not empty. A byte that is no UTF-8 is U+FFFD.
char32_t take_character(std::string_view& text);

void append_utf8(std::string& out, char32_t character);

}  // namespace hailstone::go_template
