// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small helpers on text. ASCII only where case matters: header names, flags, model names.

#include <string>
#include <string_view>
#include <vector>

namespace hailstone {

std::string_view trim(std::string_view text) noexcept;
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// "a,b,,c" -> {"a","b","","c"}; one empty part for an empty text.
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

bool is_valid_utf8(std::string_view text) noexcept;

/// How many bytes at the end of text are the beginning of a character that is not complete yet;
/// 0 where text ends at a character's border. For streams cut at arbitrary bytes.
std::size_t incomplete_utf8_tail(std::string_view text) noexcept;

/// The largest prefix of at most limit bytes that does not cut a character.
std::string_view utf8_prefix(std::string_view text, std::size_t limit) noexcept;

/// Lower-case hexadecimal digits of the bytes.
std::string to_hex(std::string_view bytes);

/// For a part of a URL: all but RFC 3986's unreserved characters as "%XX".
std::string percent_encode(std::string_view text);

}  // namespace hailstone
