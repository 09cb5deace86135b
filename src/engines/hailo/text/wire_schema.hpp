// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON schemas, as far as a reply is held to them afterwards: the chip cannot be held to one while
// it writes. Pure.

#include <optional>
#include <string>

namespace hailstone::engines::hailo {

/// What is wrong with the JSON: "$.a: a number is wanted". Nothing: it obeys. Looks at type,
/// properties, required, additionalProperties, items, enum, const, anyOf, oneOf, allOf and local
/// $ref; other words are not checked. Throws Error(kBadRequest) for a schema that is no object.
std::optional<std::string> find_violation(const std::string& json, const std::string& schema);

/// '{' or '[', with which a reply that obeys begins.
char first_character(const std::string& schema);

}  // namespace hailstone::engines::hailo
