// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The texts in which Ollama shows a model: its Modelfile and its parameters. Pure.

#include <optional>
#include <string>
#include <vector>

#include "services/library/models/task.hpp"

namespace hailstone::models {

struct Parameter {
  std::string name;
  std::string json;                      ///< the value, as it is printed in a list
  std::optional<std::string> text = {};  ///< the same where it is a text
};

/// A list is several of one name.
using Parameters = std::vector<Parameter>;

/// One line each, the name padded to 30.
std::string write_parameters(const Parameters& parameters);

std::string write_modelfile(const ShownModel& model, const Parameters& parameters);

}  // namespace hailstone::models
