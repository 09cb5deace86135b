// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What people write for the options of a request, as the API wants it. Everything here throws
// Error(kBadRequest) that names what works.

#include <string>

#include "cli/client/json_access.hpp"

namespace hailstone::cli {

/// "json" or a JSON schema; null for "".
Json parse_format(const std::string& text);

/// "5m" or a number of seconds; null for "".
Json parse_keep_alive(const std::string& text);

/// A value for the parameter of that name ("temperature", "num_ctx", ...), of the right type;
/// "stop" gives a list.
Json parse_parameter(const std::string& name, const std::string& value);

}  // namespace hailstone::cli
