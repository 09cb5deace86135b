// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading the service's JSON: what is missing or of another type reads as empty, so that the
// command line works with every server that speaks the API.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hailstone::cli {

using Json = nlohmann::json;

/// Throws Error(kEngineFailed) that says who answered with something else than a JSON object.
Json parse_object(std::string_view text, const std::string& who);

/// Bytes that are not UTF-8 become U+FFFD. indent -1: one line.
std::string dump(const Json& value, int indent = -1);

std::string text_of(const Json& object, const char* key);
std::int64_t number_of(const Json& object, const char* key);
bool truth_of(const Json& object, const char* key);
/// The member, or an empty value of its own kind. It lives in the object, which therefore must not
/// be a temporary.
const Json& object_of(const Json& object, const char* key);
const Json& array_of(const Json& object, const char* key);
const Json& object_of(const Json&& object, const char* key) = delete;
const Json& array_of(const Json&& object, const char* key) = delete;

}  // namespace hailstone::cli
