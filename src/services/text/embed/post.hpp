// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the engine's vectors to the client's. Pure.

#include <vector>

#include "services/text/embed/task.hpp"

namespace hailstone::embed {

/// Cuts to the task's dimensions and scales. A zero vector stays one. Throws Error(kEngineFailed)
/// for what is not a number.
void finish_vector(std::vector<float>& vector, const Task& task);

}  // namespace hailstone::embed
