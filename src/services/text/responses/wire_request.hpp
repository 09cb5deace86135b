// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON of a request for a response. Pure, but for what history and fetch bring.

#include <string_view>

#include "services/text/dialect/picture_url.hpp"
#include "services/text/responses/history.hpp"
#include "services/text/responses/task.hpp"

namespace hailstone::responses {

/// Throws Error(kBadRequest) that names the field, Error(kNotFound) for a previous response that is
/// not there.
Call parse_call(std::string_view body, History& history,
                const dialect::FetchPicture& fetch = dialect::refuse_remote);

}  // namespace hailstone::responses
