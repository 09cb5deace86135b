// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's JSON of requests for text. Pure, but for pictures that fetch brings.

#include <string_view>

#include "http/json_fields.hpp"
#include "services/text/dialect/picture_url.hpp"
#include "services/text/openai/task.hpp"

namespace hailstone::openai {

/// All throw Error(kBadRequest) that names the field.
ChatCall parse_chat(std::string_view body,
                    const dialect::FetchPicture& fetch = dialect::refuse_remote);
CompletionCall parse_completion(std::string_view body);
EmbeddingsCall parse_embeddings(std::string_view body);

}  // namespace hailstone::openai
