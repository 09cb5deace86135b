// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures that a message names by a URL.

#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/run_context.hpp"
#include "http/json_fields.hpp"

namespace hailstone::dialect {

/// The bytes of a picture on another machine; throws Error where the operator does not allow it.
using FetchPicture = std::function<std::string(const std::string& url)>;

/// The same for any request; empty: the operator allows nothing.
using RemotePictures = std::function<std::string(const std::string& url, const RunContext& run)>;
/// For one request, which may name so many at most. Both outlive the result.
FetchPicture for_request(const RemotePictures& remote, const RunContext& run);

/// For parsers without an operator: everything but data URLs is refused.
std::string refuse_remote(const std::string& url);

/// A data URL in base64 is read; anything else is fetched. Throws Error(kBadRequest) that names the
/// path of the field, and what fetch throws.
std::string read_picture_url(const std::string& url, const std::string& path,
                             const FetchPicture& fetch);

/// OpenAI's "detail" beside a picture: "low" is a smaller one. Throws Error(kBadRequest) for words
/// that are none, and what chat::prepare_picture throws.
std::string with_detail(std::string picture, const http::Fields& fields);

}  // namespace hailstone::dialect
