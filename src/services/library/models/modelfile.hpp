// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The texts in which Ollama shows a model: its Modelfile and its parameters. Pure.

#include <string>
#include <utility>
#include <vector>

#include "services/library/models/task.hpp"

namespace hailstone::models {

/// Names and values as they are printed; a list is several of one name.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// One line each, the name padded to 30.
std::string write_parameters(const Parameters& parameters);

std::string write_modelfile(const ShownModel& model, const Parameters& parameters);

}  // namespace hailstone::models
