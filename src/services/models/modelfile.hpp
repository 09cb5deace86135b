// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The texts in which Ollama shows a model: its Modelfile, its parameters, its size in words. Pure.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "services/models/task.hpp"

namespace hailstone::models {

/// Names and values as they are printed; a list is several of one name.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// One line each, the name padded to 30.
std::string write_parameters(const Parameters& parameters);

std::string write_modelfile(const ShownModel& model, const Parameters& parameters);

/// 1200000000 -> "1.2B", 4720000 -> "4.72M".
std::string human_count(std::uint64_t count);

}  // namespace hailstone::models
