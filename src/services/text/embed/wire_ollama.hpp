// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ollama's JSON for embeddings, new (/api/embed) and old (/api/embeddings). Pure.

#include <string>
#include <string_view>

#include "services/text/embed/task.hpp"

namespace hailstone::embed {

/// Both throw Error(kBadRequest) naming the field.
Task parse_embed(std::string_view body);
Task parse_embeddings(std::string_view body);

/// model: as the client wrote it.
std::string write_embed(const std::string& model, const Result& result);
std::string write_embeddings(const Result& result);

}  // namespace hailstone::embed
