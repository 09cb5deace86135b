// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's JSON about models. Pure.

#include <string>
#include <vector>

#include "services/library/models/task.hpp"

namespace hailstone::openai {

/// Those that this API can use: what only looks at pictures is left out.
std::string write_models(const std::vector<models::ListedModel>& models);
std::string write_model(const models::ListedModel& model);

}  // namespace hailstone::openai
