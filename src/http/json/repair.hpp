// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON as clients send it that cut text between two halves of a character: they keep such strings
// in their history and send them again with each request. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace hailstone::http {

/// Each byte that is no part of a UTF-8 character, and each escape of half a surrogate pair
/// ("\ud83d"), becomes U+FFFD, as Go's encoding/json reads them. Nothing where there is none.
std::optional<std::string> repair_json(std::string_view text);

}  // namespace hailstone::http
