// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Anthropic's JSON of requests for messages. Pure, but for pictures that fetch brings.

#include <string_view>

#include "services/text/chat/task.hpp"
#include "services/text/dialect/picture_url.hpp"

namespace hailstone::anthropic {

/// Both throw Error(kBadRequest) that names the field.
chat::ChatTask parse_messages(std::string_view body,
                              const dialect::FetchPicture& fetch = dialect::refuse_remote);
/// The same without a limit of tokens.
chat::ChatTask parse_count(std::string_view body,
                           const dialect::FetchPicture& fetch = dialect::refuse_remote);

}  // namespace hailstone::anthropic
