// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures that a message names by a URL.

#include <functional>
#include <string>

#include "base/error.hpp"

namespace hailstone::dialect {

/// The bytes of a picture on another machine; throws Error where the operator does not allow it.
using FetchPicture = std::function<std::string(const std::string& url)>;

/// For parsers without an operator: everything but data URLs is refused.
std::string refuse_remote(const std::string& url);

/// A data URL in base64 is read; anything else is fetched. Throws Error(kBadRequest) that names the
/// path of the field, and what fetch throws.
std::string read_picture_url(const std::string& url, const std::string& path,
                             const FetchPicture& fetch);

}  // namespace hailstone::dialect
