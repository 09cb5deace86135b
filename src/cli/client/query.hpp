// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Options in a request's address.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hailstone::cli {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// "/api/detect?classes=a%2Cb": values percent-encoded as UTF-8 (RFC 3986, section 2.3); fields
/// without a value are left out. Pure.
std::string make_target(std::string_view path, const Fields& fields);

}  // namespace hailstone::cli
