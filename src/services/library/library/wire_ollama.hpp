// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ollama's JSON for what changes the store. Pure. Parsers throw Error(kBadRequest) naming the
// field.

#include <string>
#include <string_view>

#include "services/library/library/task.hpp"

namespace hailstone::library {

TransferTask parse_transfer(std::string_view body);
CreateTask parse_create(std::string_view body);
CopyTask parse_copy(std::string_view body);
/// The name of the model.
std::string parse_delete(std::string_view body);

std::string write_progress(const Progress& progress);

}  // namespace hailstone::library
