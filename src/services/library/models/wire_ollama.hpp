// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ollama's JSON about models. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "base/lane.hpp"
#include "services/library/models/task.hpp"

namespace hailstone::models {

/// Both throw Error(kBadRequest) naming the field. An empty body unloads everything.
ShowTask parse_show(std::string_view body);
UnloadTask parse_unload(std::string_view body);

std::string write_tags(const std::vector<ListedModel>& models);
std::string write_ps(const RunningModels& running, const QueueFigures& queue);
std::string write_show(const ShowTask& task, const ShownModel& model);
std::string write_unloaded(const UnloadReport& report);
/// ours: the version of this program, beside that of the API it speaks.
std::string write_version(const std::string& ours);

}  // namespace hailstone::models
