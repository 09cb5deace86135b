// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The headers with which a browser lets pages of other origins talk to us. Pure.

#include <string_view>

#include "http/message.hpp"

namespace hailstone::http {

/// origin has been allowed.
void add_cors_headers(std::string_view origin, Headers& reply);

/// For the answer to OPTIONS; methods as in Allow.
void add_preflight_headers(const Headers& request, std::string_view methods, Headers& reply);

}  // namespace hailstone::http
