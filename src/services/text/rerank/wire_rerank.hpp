// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /v1/rerank in the forms that its clients speak: Jina's and Cohere's ("documents" to
// "results"), and that of text-embeddings-inference ("texts" to an array). Pure.

#include <string>
#include <string_view>
#include <vector>

#include "services/text/rerank/task.hpp"

namespace hailstone::rerank {

struct Call {
  Task task;
  bool is_array = false;               ///< the reply, as text-embeddings-inference has it
  std::vector<std::string> documents;  ///< JSON, as the reply shows them; empty: it does not
};

/// Throws Error(kBadRequest) that names the field.
Call parse_rerank(std::string_view body);

std::string write_rerank(const Call& call, const Result& result, const std::string& id);

}  // namespace hailstone::rerank
